#pragma once

#include <map>
#include <string>
#include <vector>

#include "api/git/history/objects.hpp"
#include "api/git/history/tree_object.hpp"

namespace uhost::git {

/// Finds out whether any of many paths differs between two trees, in one comparison of these. For one thread.
class PathSet {
public:
    /// `paths` are plain (see plain_path).
    PathSet(ObjectReader& reader, const std::vector<std::string>& paths);

    /// Whether each path is the same below both entries of root trees, either of which may be absent. Raises as
    /// `find_in_tree`.
    bool is_same(const PathEntry& a, const PathEntry& b) const { return is_same(root_, a, b); }

private:
    struct Node {
        std::map<std::string, Node, std::less<>> below;
        bool wanted = false;
    };

    bool is_same(const Node& node, const PathEntry& a, const PathEntry& b) const;

    ObjectReader& reader_;
    Node root_;
};

}  // namespace uhost::git
