#pragma once

#include "api/git/merge/tree_edit.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// What a path of a new tree is to be: content, an object that is there, or nothing.
struct TreeChange {
    std::string path;
    std::optional<std::string> content;
    std::optional<Oid> oid;
    std::uint32_t mode = 0100644;
};

/// The tree of revision `tree` with `changes`; a file may take the place of a folder, and a folder that of a file.
/// Raises `git.path` for a path that no tree can have, or a file to remove that is not there.
Oid write_tree(const Repository& repository, const std::string& tree, const std::vector<TreeChange>& changes,
               bool write);

}  // namespace uhost::git
