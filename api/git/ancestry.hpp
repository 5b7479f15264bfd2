#pragma once

#include "api/git/history/commit_table.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// The best common ancestor of two or more commits; nothing if they have none. Raises `git.shallow` if the clone may
/// lack it.
std::optional<Oid> merge_base(const Repository& repository, const std::vector<std::string>& revisions);

struct AheadBehind {
    std::size_t ahead, behind;
};

/// How many commits each of two has that the other has not. Raises `git.shallow` as above.
AheadBehind ahead_behind(const Repository& repository, const std::string& revision, const std::string& upstream);

/// Whether `ancestor` is an ancestor of `descendant`, or the same commit.
bool is_ancestor(const Repository& repository, const std::string& ancestor, const std::string& descendant);

/// The same of commits that may not be here: then the answer is no.
bool is_known_ancestor(git_repository* repository, const Oid& ancestor, const Oid& descendant);

/// The best common ancestors of `one` and any of `others`, newest first: those that no other one has as ancestor.
std::vector<Oid> merge_bases(const ObjectStore& store, const Oid& one, const std::vector<Oid>& others);

/// As ahead_behind, of commits of a table.
AheadBehind count_sides(CommitTable& table, CommitTable::Index left, CommitTable::Index right);

}  // namespace uhost::git
