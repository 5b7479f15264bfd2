#pragma once

#include <map>
#include <memory>
#include <string>

#include "api/git/history/objects.hpp"
#include "api/git/history/tree_object.hpp"

namespace uhost::git {

/// Changes to a tree, by path: only folders on the way to them are read and made anew.
class TreeEdit {
public:
    /// What is to be at `path`, a plain one: a file, a whole folder, or nothing (absent). Changes below `path` apply to
    /// the folder that is set; a file gives way to files that are set below it.
    void set(std::string_view path, const PathEntry& entry);

    /// Whether anything is left in the folder `path` of the tree `root` once it is changed.
    bool has_entries(ObjectReader& reader, const PathEntry& root, std::string_view path) const;

    /// The changed tree, whose new folders go to `objects`; the empty tree if nothing is left.
    Oid apply(ObjectReader& reader, NewObjects& objects, const PathEntry& root) const;

private:
    struct Node {
        std::optional<PathEntry> own;
        std::map<std::string, Node, std::less<>> children;
    };

    static bool is_left(ObjectReader& reader, const Node& node, const PathEntry& entry);
    static PathEntry changed(ObjectReader& reader, NewObjects& objects, const Node& node, const PathEntry& entry);

    Node root_;
};

/// The mode that git takes an entry's mode for: of a regular file, whether its owner may execute it counts.
std::uint32_t canonical_mode(std::uint32_t mode) noexcept;

/// The id of a tree with these rows, which are sorted here.
Oid add_tree(NewObjects& objects, std::vector<TreeRow> rows);

}  // namespace uhost::git
