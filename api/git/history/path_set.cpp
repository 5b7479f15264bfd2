#include "api/git/history/path_set.hpp"

namespace uhost::git {

PathSet::PathSet(ObjectReader& reader, const std::vector<std::string>& paths) : reader_(reader) {
    for (const auto& path : paths) {
        auto* node = &root_;
        for (std::string_view rest = path; !rest.empty();) {
            const auto part = rest.substr(0, rest.find('/'));
            rest.remove_prefix(std::min(part.size() + 1, rest.size()));
            node = &node->below.try_emplace(std::string(part)).first->second;
        }
        node->wanted = true;
    }
}

/// A name that is a file in one tree and a folder in the other has two places in git's order; each is compared with
/// nothing.
bool PathSet::is_same(const Node& node, const PathEntry& a, const PathEntry& b) const {
    if (a == b) return true;
    if (node.wanted) return false;
    if (!a.is_tree() && !b.is_tree()) return true;
    if (a.oid == b.oid) return true;
    TreeCursor one(reader_, a), other(reader_, b);
    while (true) {
        TreeCursor::skip_same(one, other);
        if (one.at_end() && other.at_end()) return true;
        const int order = one.at_end() ? 1 : other.at_end() ? -1 : compare_tree_rows(one.row(), other.row());
        const auto below = node.below.find(order <= 0 ? one.row().name : other.row().name);
        if (below != node.below.end() && !is_same(below->second, order <= 0 ? one.row().entry : PathEntry{},
                                                  order >= 0 ? other.row().entry : PathEntry{})) {
            return false;
        }
        if (order <= 0) one.next();
        if (order >= 0) other.next();
    }
}

}  // namespace uhost::git
