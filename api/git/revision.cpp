#include "api/git/revision.hpp"

#include <fmt/format.h>

namespace uhost::git {
namespace {

constexpr std::string_view empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
constexpr std::size_t max_revision = 4096;

std::string shown(const std::string& revision) { return fmt::format("'{}'", revision.substr(0, 200)); }

// libgit2 1.5 knows "@" and "@{…}", but not "@~1" and the like.
std::string with_head(const std::string& revision) {
    const bool abbreviated = revision.size() > 1 && revision[0] == '@' &&
                             std::string_view("~^:").find(revision[1]) != std::string_view::npos;
    return abbreviated ? "HEAD" + revision.substr(1) : revision;
}

ObjectHandle find_object(git_repository* repository, const std::string& given) {
    check_revision_text(given);
    const auto revision = with_head(given);
    ObjectHandle object;
    const auto outcome = attempt(git_revparse_single, out(object), repository, revision.c_str());
    if (outcome.ok()) return object;
    if (outcome.code == GIT_EINVALIDSPEC) {
        throw Error("git.revision", "malformed revision " + shown(revision))
            .hint("a branch, a tag, an id, or one of these with ~N, ^N or ^{type}; see 'git help revisions'")
            .native(outcome.message);
    }
    if (outcome.code != GIT_ENOTFOUND) throw failure(outcome, "cannot resolve " + shown(revision), repository);
    // A name that is there, of an object that is not: damage, not absence.
    ReferenceHandle reference;
    if (git_reference_dwim(out(reference), repository, revision.c_str()) != 0) return nullptr;
    git_oid target;
    if (git_reference_name_to_id(&target, repository, git_reference_name(reference.get())) != 0) return nullptr;
    const auto missing = from_git_oid(target).hex();
    throw missing_object_error("cannot resolve " + shown(revision) + " to " + missing, repository)
        .with("object", missing);
}

Oid id_of(const ObjectHandle& object) { return from_git_oid(*git_object_id(object.get())); }

ObjectHandle peel(git_repository* repository, const ObjectHandle& object, git_object_t type,
                  const std::string& revision) {
    ObjectHandle peeled;
    const auto outcome = attempt(git_object_peel, out(peeled), object.get(), type);
    if (outcome.ok()) return peeled;
    if (outcome.code != GIT_EPEEL && outcome.code != GIT_EINVALIDSPEC) {
        throw failure(outcome, "cannot resolve " + shown(revision), repository);
    }
    const bool commit = type == GIT_OBJECT_COMMIT;
    throw Error(commit ? "git.not_a_commit" : "git.not_a_tree",
                shown(revision) + " is a " + git_object_type2string(git_object_type(object.get())) + ", not a " +
                    git_object_type2string(type))
        .hint(commit ? "name a commit, a branch or a tag" : "name a commit or a folder of one ('main:src')");
}

Error unknown_revision(git_repository* repository, const std::string& revision) {
    auto error = Error("git.unknown_revision", "no commit is called " + shown(revision)).with("revision", revision);
    if (git_repository_is_empty(repository) == 1 || git_repository_head_unborn(repository) == 1) {
        return std::move(error).hint("the repository's current branch has no commits yet");
    }
    if (git_repository_is_shallow(repository) == 1) {
        return std::move(error).hint(
            "the clone is shallow: 'git fetch --unshallow' brings the rest; on GitHub Actions, 'fetch-depth: 0'");
    }
    return std::move(error).hint(
        "see 'git branch -a' and 'git tag' for what there is; it may have to be fetched first");
}

}  // namespace

void check_revision_text(const std::string& revision) {
    if (revision.empty()) throw Error("git.revision", "the revision is empty").hint("name a branch, a tag or an id");
    if (revision.size() > max_revision) throw Error("git.revision", "the revision is longer than 4096 bytes");
    if (revision.find('\0') != std::string::npos) throw Error("git.revision", "the revision contains a NUL");
}

std::optional<Oid> resolve(git_repository* repository, const std::string& revision) {
    const auto object = find_object(repository, revision);
    return object ? std::optional(id_of(object)) : std::nullopt;
}

std::optional<Oid> resolve_commit(git_repository* repository, const std::string& revision) {
    const auto object = find_object(repository, revision);
    if (!object) return std::nullopt;
    return id_of(peel(repository, object, GIT_OBJECT_COMMIT, revision));
}

Oid require_commit(git_repository* repository, const std::string& revision) {
    const auto commit = resolve_commit(repository, revision);
    if (!commit) throw unknown_revision(repository, revision);
    return *commit;
}

TreeHandle require_tree(git_repository* repository, const std::string& revision) {
    if (revision == empty_tree) return nullptr;
    auto object = find_object(repository, revision);
    if (!object) throw unknown_revision(repository, revision);
    if (git_object_type(object.get()) == GIT_OBJECT_COMMIT) {
        const auto oid = to_git_oid(replacement_of(repository, id_of(object)));
        check(attempt(git_object_lookup, out(object), repository, &oid, GIT_OBJECT_COMMIT),
              "cannot read " + shown(revision), repository);
    }
    auto tree = peel(repository, object, GIT_OBJECT_TREE, revision);
    return TreeHandle(reinterpret_cast<git_tree*>(tree.release()));
}

Oid replacement_of(git_repository* repository, const Oid& id) {
    static const bool ignored = std::getenv("GIT_NO_REPLACE_OBJECTS") != nullptr;
    if (ignored) return id;
    git_oid replacement;
    const auto name = "refs/replace/" + id.hex();
    const auto outcome = attempt(git_reference_name_to_id, &replacement, repository, name.c_str());
    return outcome.ok() ? from_git_oid(replacement) : id;
}

Commit read_commit(git_repository* repository, const Oid& id) {
    const auto what = "cannot read commit " + id.hex();
    OdbHandle odb;
    check(attempt(git_repository_odb, out(odb), repository), what, repository);
    const auto oid = to_git_oid(replacement_of(repository, id));
    OdbObjectHandle object;
    check(attempt(git_odb_read, out(object), odb.get(), &oid), what, repository);
    if (git_odb_object_type(object.get()) != GIT_OBJECT_COMMIT) {
        throw Error("git.not_a_commit", id.hex() + " is not a commit").hint("name a commit, a branch or a tag");
    }
    auto commit = parse_commit(
        id, {static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get())});
    if (commit) return std::move(*commit);
    throw Error("git.corrupt_object", what + ": it is malformed").hint("check the repository with 'git fsck --full'");
}

std::optional<Head> read_head(git_repository* repository) {
    ReferenceHandle reference;
    const auto outcome = attempt(git_repository_head, out(reference), repository);
    if (outcome.code == GIT_EUNBORNBRANCH) return std::nullopt;
    if (outcome.code == GIT_ENOTFOUND) {
        throw Error("git.head", "HEAD is missing or broken")
            .hint("point it at a branch: 'git symbolic-ref HEAD refs/heads/main'")
            .native(outcome.message);
    }
    check(outcome, "cannot read HEAD", repository);
    Head head;
    head.id = from_git_oid(*git_reference_target(reference.get()));
    if (git_repository_head_detached(repository) == 0) head.branch = git_reference_name(reference.get());
    return head;
}

}  // namespace uhost::git
