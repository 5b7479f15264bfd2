#include "api/git/merge/merge.hpp"

#include <algorithm>

#include "api/git/ancestry.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t max_merge_bases = 64;
constexpr unsigned max_merge_depth = 16;

std::string short_id(const Oid& oid) { return oid.hex().substr(0, 7); }

PathEntry tree_named(git_repository* repository, const std::string& revision) {
    const auto tree = require_tree(repository, revision);
    return tree ? PathEntry{tree_mode, from_git_oid(*git_tree_id(tree.get()))} : PathEntry{};
}

Error too_many_bases() {
    return Error("git.limit", "the two histories have too many merge bases, or these have too many in turn")
        .hint("name a 'base'");
}

Error unrelated(const MergeSession& session) {
    if (session.store().has_shallow()) return shallow_error("cannot find a merge base");
    return Error("git.unrelated", "the two commits have no common ancestor")
        .hint("name the tree that both come from as 'base'");
}

}  // namespace

MergeSession::MergeSession(const Repository& repository, std::optional<Oid> attributes_of, std::stop_token stop)
    : lease_(repository.lease()),
      store_(repository.objects()),
      reader_(*store_),
      contents_(repository, reader_, objects_, attributes_of),
      stop_(std::move(stop)) {
    reader_.read_also(objects_);
}

TreeMerge MergeSession::merge(const std::array<PathEntry, 3>& roots, const MergeOptions& options, unsigned depth) {
    MergeState state{contents_, options, stop_, depth > 0, depth, roots, {}, {}, {}, {}};
    collect_merge(state);
    merge_renames(state);
    merge_paths(state);
    state.result.tree = state.edit.apply(reader_, objects_, roots[our_stage]);
    std::ranges::stable_sort(state.result.conflicts, {}, &Conflict::path);
    std::ranges::sort(state.result.merged);
    return std::move(state.result);
}

Oid MergeSession::tree_of(const Oid& commit) {
    CommitLinks links;
    read_commit_links(reader_, commit, links);
    return links.tree;
}

MergeSession::Ancestor MergeSession::merged_base(std::vector<Oid> bases, unsigned depth) {
    if (bases.size() > max_merge_bases || depth > max_merge_depth) throw too_many_bases();
    std::ranges::reverse(bases);  // git merges them from the oldest
    Ancestor merged;
    for (const auto& base : bases) {
        const PathEntry tree{tree_mode, tree_of(base)};
        if (merged.commits.empty()) {
            merged = {tree, {base}};
            continue;
        }
        const auto below = merged_base(merge_bases(*store_, base, merged.commits), depth + 1);
        MergeOptions options;
        options.labels = {"", "Temporary merge branch 1", "Temporary merge branch 2"};
        merged.tree = {tree_mode, merge({below.tree, merged.tree, tree}, options, depth + 1).tree};
        merged.commits.push_back(base);
    }
    return merged;
}

TreeMerge MergeSession::merge_commits(const Oid& ours, const Oid& theirs, const MergeOptions& options) {
    const auto bases = ours == theirs ? std::vector{ours} : merge_bases(*store_, ours, {theirs});
    if (bases.empty()) throw unrelated(*this);
    auto with_base = options;
    if (with_base.labels.base.empty()) {
        with_base.labels.base = bases.size() == 1 ? short_id(bases.front()) : "merged common ancestors";
    }
    const auto base = merged_base(bases, 0);
    return merge({base.tree, PathEntry{tree_mode, tree_of(ours)}, PathEntry{tree_mode, tree_of(theirs)}}, with_base);
}

void MergeSession::write() {
    OdbHandle odb;
    check(attempt(git_repository_odb, out(odb), lease_.get()), "cannot open the object database", lease_);
    objects_.write(odb.get());
}

TreeMerge merge_trees(const Repository& repository, const MergeRequest& request, const std::stop_token& stop) {
    const auto lease = repository.lease();
    auto options = request.options;
    if (options.labels.ours.empty()) options.labels.ours = request.ours;
    if (options.labels.theirs.empty()) options.labels.theirs = request.theirs;
    TreeMerge result;
    std::optional<MergeSession> session;
    if (request.base) {
        if (options.labels.base.empty()) options.labels.base = *request.base;
        session.emplace(repository, std::nullopt, stop);
        result = session->merge(
            {tree_named(lease, *request.base), tree_named(lease, request.ours), tree_named(lease, request.theirs)},
            options);
    } else {
        const auto ours = require_commit(lease, request.ours), theirs = require_commit(lease, request.theirs);
        session.emplace(repository, ours, stop);
        result = session->merge_commits(ours, theirs, options);
    }
    if (request.write) session->write();
    return result;
}

}  // namespace uhost::git
