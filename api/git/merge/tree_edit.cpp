#include "api/git/merge/tree_edit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace uhost::git {
namespace {

/// Calls `visit` for each row of the tree `entry`; for none of anything else.
template <class Visit>
void each_row(ObjectReader& reader, const PathEntry& entry, Visit visit) {
    if (!entry.is_tree()) return;
    for (TreeCursor cursor(reader, entry); !cursor.at_end(); cursor.next()) visit(cursor.row());
}

}  // namespace

std::uint32_t canonical_mode(std::uint32_t mode) noexcept {
    switch (mode >> 12) {
        case 010:
            return (mode & 0100) != 0 ? 0100755 : 0100644;
        case 012:
            return 0120000;
        case 004:
            return tree_mode;
        default:
            return mode == 0 ? 0 : 0160000;
    }
}

Oid add_tree(NewObjects& objects, std::vector<TreeRow> rows) {
    std::ranges::sort(rows, [](const TreeRow& a, const TreeRow& b) { return compare_tree_rows(a, b) < 0; });
    std::string content;
    for (const auto& row : rows) {
        fmt::format_to(std::back_inserter(content), "{:o} {}", canonical_mode(row.entry.mode), row.name);
        content += '\0';
        content.append(reinterpret_cast<const char*>(row.entry.oid.bytes.data()), Oid::size);
    }
    return objects.add(ObjectType::tree, std::move(content));
}

void TreeEdit::set(std::string_view path, const PathEntry& entry) {
    Node* node = &root_;
    while (true) {
        const auto slash = path.find('/');
        const auto part = path.substr(0, slash);
        auto child = node->children.find(part);
        if (child == node->children.end()) child = node->children.emplace(part, Node{}).first;
        node = &child->second;
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    node->own = entry;
}

bool TreeEdit::is_left(ObjectReader& reader, const Node& node, const PathEntry& entry) {
    const PathEntry start = node.own.value_or(entry);
    if (!start.is_absent() && !start.is_tree()) return true;
    if (start.is_tree() && node.children.empty()) return true;
    std::map<std::string_view, PathEntry> known;
    bool left = false;
    each_row(reader, start, [&](const TreeRow& row) {
        const auto child = node.children.find(row.name);
        if (child == node.children.end()) {
            left = true;
        } else {
            known[child->first] = row.entry;
        }
    });
    if (left) return true;
    return std::ranges::any_of(node.children,
                               [&](const auto& child) { return is_left(reader, child.second, known[child.first]); });
}

bool TreeEdit::has_entries(ObjectReader& reader, const PathEntry& root, std::string_view path) const {
    const Node* node = &root_;
    PathEntry entry = node->own.value_or(root);
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto part = path.substr(0, slash);
        if (!entry.is_absent()) entry = entry.is_tree() ? find_in_tree(reader, entry.oid, part) : PathEntry{};
        if (node != nullptr) {
            const auto child = node->children.find(part);
            node = child == node->children.end() ? nullptr : &child->second;
        }
        if (node != nullptr && node->own) entry = *node->own;
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    // A file at this path is no entry of the folder.
    Node folder;
    if (node != nullptr) folder.children = node->children;
    return is_left(reader, folder, entry.is_tree() ? entry : PathEntry{});
}

PathEntry TreeEdit::changed(ObjectReader& reader, NewObjects& objects, const Node& node, const PathEntry& entry) {
    const PathEntry start = node.own.value_or(entry);
    if (node.children.empty()) return start;
    std::map<std::string_view, PathEntry> known;
    std::vector<std::pair<std::string, PathEntry>> rows;
    each_row(reader, start, [&](const TreeRow& row) {
        const auto child = node.children.find(row.name);
        if (child == node.children.end()) {
            rows.emplace_back(row.name, row.entry);
        } else {
            known[child->first] = row.entry;
        }
    });
    bool differs = false;
    for (const auto& [name, child] : node.children) {
        const auto before = known[name];
        const auto after = changed(reader, objects, child, before);
        differs = differs || !(after == before);
        if (!after.is_absent()) rows.emplace_back(name, after);
    }
    if (!differs) return start;
    if (rows.empty()) return start.is_tree() ? PathEntry{} : start;
    std::vector<TreeRow> sorted;
    for (const auto& [name, row] : rows) sorted.push_back({name, row});
    return {tree_mode, add_tree(objects, std::move(sorted))};
}

Oid TreeEdit::apply(ObjectReader& reader, NewObjects& objects, const PathEntry& root) const {
    const auto entry = changed(reader, objects, root_, root);
    return entry.is_absent() ? objects.add(ObjectType::tree, "") : entry.oid;
}

}  // namespace uhost::git
