#pragma once

#include "api/git/history/commit_object.hpp"
#include "api/git/merge/merge.hpp"

namespace uhost::git {

struct ReplayRequest {
    std::optional<std::string> range;  ///< "A..B"; else `commits`
    std::vector<std::string> commits;  ///< the oldest first
    std::string onto;
    bool preserve_merges = false;       ///< false: merges are left out, as git rebase does
    bool continue_on_conflict = false;  ///< take the replayed commit's side, to see what comes after
    bool skip_upstream = true;          ///< drop what upstream has
    std::string trailer;                ///< that identifies a change, such as "Change-Id"; "" for none
    Person committer;                   ///< an empty name: git's configuration
    MergeOptions options;
    bool write = true;
};

struct ReplayedCommit {
    Oid original, commit, tree;
};

struct DroppedCommit {
    enum class Reason : std::uint8_t { patch_id, trailer, empty, tweaked, merge };
    Oid original;
    Reason reason;
    std::optional<Oid> upstream;
    std::string difference;
};

struct ReplayConflict {
    Oid original;
    std::string subject;
    TreeMerge merge;
};

struct Replay {
    Oid tip;
    std::vector<ReplayedCommit> commits;
    std::vector<DroppedCommit> dropped;
    std::vector<ReplayConflict> conflicts;
    std::vector<Oid> rest;  ///< after the one whose conflict stopped it
};

/// Makes the changes of commits anew on top of `onto`, as `git rebase` does, without a work tree. Author, dates,
/// message and encoding stay as they are, byte by byte; a signature would not hold any more and goes. Raises what
/// merge_trees and create_commit raise.
Replay replay(const Repository& repository, const ReplayRequest& request, const std::stop_token& stop);

/// A commit that has everything of commit `as` but its tree, parents and committer.
Oid commit_as(const Repository& repository, const std::string& as, const std::string& tree,
              const std::vector<std::string>& parents, const Person& committer, bool write);

}  // namespace uhost::git
