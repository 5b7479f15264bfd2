#include "api/git/ancestry.hpp"

#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

// The walks over ancestors stop with "not found" where a shallow clone was cut.
Error walk_failure(const Outcome& outcome, const std::string& what, git_repository* repository) {
    if (git_repository_is_shallow(repository) == 1) return shallow_error(what).native(outcome.message);
    return failure(outcome, what, repository);
}

std::string format(const git_describe_result* result, const DescribeQuery& query, bool long_form,
                   const std::string& what) {
    git_describe_format_options options = GIT_DESCRIBE_FORMAT_OPTIONS_INIT;
    options.abbreviated_size = query.abbreviation;
    options.always_use_long_format = long_form;
    Buffer text;
    check(attempt(git_describe_format, &text.raw, result, &options), what);
    return text.text();
}

// libgit2 1.5 (and git) miscount the commits since the tag where dates are equal; "TAG-N-gID" gets the right N.
std::string with_distance(git_repository* repository, const git_oid& commit, const std::string& name) {
    const auto id = name.rfind("-g");
    const auto number = id == std::string::npos || id == 0 ? id : name.rfind('-', id - 1);
    if (number == std::string::npos) return name;
    const auto tag = name.substr(0, number);
    ReferenceHandle reference;
    if (git_reference_dwim(out(reference), repository, ("refs/tags/" + tag).c_str()) != 0) return name;
    ObjectHandle target;
    if (git_reference_peel(out(target), reference.get(), GIT_OBJECT_COMMIT) != 0) return name;
    std::size_t ahead = 0, behind = 0;
    if (git_graph_ahead_behind(&ahead, &behind, repository, &commit, git_object_id(target.get())) != 0) return name;
    return tag + "-" + std::to_string(ahead) + name.substr(id);
}

}  // namespace

std::optional<Oid> merge_base(const Repository& repository, const std::vector<std::string>& revisions) {
    const auto lease = repository.lease();
    std::vector<git_oid> ids;
    for (const auto& revision : revisions) ids.push_back(to_git_oid(require_commit(lease, revision)));
    git_oid base;
    const auto outcome = attempt(git_merge_base_many, &base, lease, ids.size(), ids.data());
    if (outcome.ok()) return from_git_oid(base);
    const bool none = outcome.code == GIT_ENOTFOUND && outcome.error_class == GIT_ERROR_MERGE;
    const auto error = walk_failure(
        outcome, "cannot find the merge base of '" + revisions.front() + "' and '" + revisions.back() + "'", lease);
    if (none && error.kind() != "git.shallow") return std::nullopt;
    throw error;
}

AheadBehind ahead_behind(const Repository& repository, const std::string& revision, const std::string& upstream) {
    const auto lease = repository.lease();
    const auto ours = to_git_oid(require_commit(lease, revision)), theirs = to_git_oid(require_commit(lease, upstream));
    AheadBehind counts{};
    const auto outcome = attempt(git_graph_ahead_behind, &counts.ahead, &counts.behind, lease, &ours, &theirs);
    if (!outcome.ok()) throw walk_failure(outcome, "cannot compare '" + revision + "' with '" + upstream + "'", lease);
    return counts;
}

bool is_ancestor(const Repository& repository, const std::string& ancestor, const std::string& descendant) {
    const auto lease = repository.lease();
    const auto older = to_git_oid(require_commit(lease, ancestor)),
               newer = to_git_oid(require_commit(lease, descendant));
    if (git_oid_equal(&older, &newer)) return true;
    const auto outcome = attempt(git_graph_descendant_of, lease, &newer, &older);
    if (outcome.ok()) return outcome.code == 1;
    throw walk_failure(outcome, "cannot find out whether '" + ancestor + "' is an ancestor of '" + descendant + "'",
                       lease);
}

bool is_known_ancestor(git_repository* repository, const Oid& ancestor, const Oid& descendant) {
    if (ancestor == descendant) return true;
    const auto older = to_git_oid(ancestor), newer = to_git_oid(descendant);
    return attempt(git_graph_descendant_of, repository, &newer, &older).code == 1;
}

std::optional<std::string> describe(const Repository& repository, const DescribeQuery& query) {
    const auto lease = repository.lease();
    const auto oid = to_git_oid(require_commit(lease, query.revision));
    const auto what = "cannot describe '" + query.revision + "'";
    ObjectHandle commit;
    check(attempt(git_object_lookup, out(commit), lease, &oid, GIT_OBJECT_COMMIT), what, lease);
    git_describe_options options = GIT_DESCRIBE_OPTIONS_INIT;
    options.describe_strategy = query.lightweight ? GIT_DESCRIBE_TAGS : GIT_DESCRIBE_DEFAULT;
    options.only_follow_first_parent = query.first_parent;
    options.show_commit_oid_as_fallback = query.always;
    options.max_candidates_tags = query.exact ? 0 : query.candidates;
    if (!query.pattern.empty()) options.pattern = query.pattern.c_str();
    DescribeHandle result;
    const auto outcome = attempt(git_describe_commit, out(result), commit.get(), &options);
    if (!outcome.ok()) {
        const bool no_tag = outcome.error_class == GIT_ERROR_DESCRIBE;
        const auto error = walk_failure(outcome, what, lease);
        if (no_tag && (query.exact || error.kind() != "git.shallow")) return std::nullopt;
        throw error;
    }
    const auto name = format(result.get(), query, query.long_form, what);
    const auto long_form = format(result.get(), query, true, what);
    // A tag on the commit itself, or no tag at all ("always"), have no distance to correct.
    if (name != long_form || query.first_parent || query.abbreviation == 0) return name;
    return with_distance(lease, oid, name);
}

}  // namespace uhost::git
