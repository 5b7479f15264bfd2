#pragma once

#include "api/git/merge/merge_state.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// What merges and replays of one call share: how objects are read, and the new ones. For one thread.
class MergeSession {
public:
    /// `attributes_of`: see ContentMerger.
    MergeSession(const Repository& repository, std::optional<Oid> attributes_of, std::stop_token stop);

    ObjectReader& reader() noexcept { return reader_; }
    NewObjects& objects() noexcept { return objects_; }
    const ObjectStore& store() const noexcept { return *store_; }
    git_repository* handle() const noexcept { return lease_.get(); }
    const std::stop_token& stop() const noexcept { return stop_; }

    /// Merges trees (absent for the empty one), as git's merge-ort does; new objects are kept, not written.
    TreeMerge merge(const std::array<PathEntry, 3>& roots, const MergeOptions& options, unsigned depth = 0);

    /// Merges two commits over their merge bases; several of them are merged first. Raises `git.unrelated`,
    /// `git.shallow`.
    TreeMerge merge_commits(const Oid& ours, const Oid& theirs, const MergeOptions& options);

    Oid tree_of(const Oid& commit);

    /// Writes what was made. Raises `git.file`, `git.failed`.
    void write();

private:
    /// A merge base, or several of them merged: the tree, and the commits whose history it has.
    struct Ancestor {
        PathEntry tree;
        std::vector<Oid> commits;
    };
    Ancestor merged_base(std::vector<Oid> bases, unsigned depth);

    Lease lease_;
    std::shared_ptr<const ObjectStore> store_;
    NewObjects objects_;
    ObjectReader reader_;
    ContentMerger contents_;
    std::stop_token stop_;
};

/// Revisions as a caller gives them. Without a base, both sides are commits.
struct MergeRequest {
    std::optional<std::string> base;
    std::string ours, theirs;
    MergeOptions options;  ///< empty labels: the revisions
    bool write = true;
};

TreeMerge merge_trees(const Repository& repository, const MergeRequest& request, const std::stop_token& stop);

}  // namespace uhost::git
