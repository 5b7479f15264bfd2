#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/git/history/tree_object.hpp"

namespace uhost::git {

/// A file that is in one tree and not in another.
struct TreeFile {
    std::string path;
    PathEntry entry;
};

/// The files of `before` that are gone in `after`, and the files of `after` that are new, each sorted by path as git
/// sorts them. A file that became a symbolic link or a submodule is still there (git calls it a type change); one that
/// became a folder is gone. Submodules are not files: neither coming nor going is told.
struct TreeDifference {
    std::vector<TreeFile> removed;
    std::vector<TreeFile> added;
};

/// Which halves of the difference are wanted.
enum class DifferenceOf { removed, both };

/// Compares what a path is in two commits. `path` is its full name, put in front of the names found. Only folders
/// that differ are read. Raises as `find_in_tree`, and `git.limit` for a difference of more than a million files or
/// folders more than 1,000 deep (which a crafted repository can have in a few objects).
TreeDifference diff_entries(ObjectReader& reader, const PathEntry& before, const PathEntry& after,
                            const std::string& path, DifferenceOf wanted);

}  // namespace uhost::git
