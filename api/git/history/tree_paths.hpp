#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "api/git/history/tree_object.hpp"

namespace uhost::git {

/// A path of a repository in its plain form: no slash at either end, no empty part, no `.`; empty for the whole tree.
/// Raises `argument` for a path that is absolute, has a `..`, or holds a NUL.
std::string plain_path(std::string_view path);

/// Finds what one path is in many trees. Most commits leave most folders alone, so what was found below a tree is
/// remembered by the tree's id. For one thread.
class TreePaths {
public:
    /// `path` is plain (see plain_path).
    TreePaths(ObjectReader& reader, std::string_view path);

    /// What the path is below the root tree `root`. Raises as `find_in_tree`.
    PathEntry find(const Oid& root);

private:
    using Memory = std::unordered_map<Oid, PathEntry, OidHash>;

    PathEntry step(std::size_t level, const Oid& tree);

    ObjectReader* reader_;
    std::vector<std::string> parts_;
    std::vector<Memory> known_;  // for each part, by the tree it is looked up in
};

}  // namespace uhost::git
