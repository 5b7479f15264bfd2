#include "api/git/history/tree_object.hpp"

#include "api/git/history/object_reader.hpp"

namespace uhost::git {

bool next_tree_row(ByteView& tree, TreeRow& row, bool& malformed) noexcept {
    if (tree.empty()) return false;
    std::uint32_t mode = 0;
    std::size_t at = 0;
    while (at < tree.size() && tree[at] >= '0' && tree[at] <= '7' && at < 7) mode = mode * 8 + (tree[at++] - '0');
    malformed = at == 0 || at == tree.size() || tree[at] != ' ';
    if (malformed) return false;
    const ByteView rest = tree.subspan(at + 1);
    const void* end = rest.empty() ? nullptr : std::memchr(rest.data(), 0, rest.size());
    const std::size_t length =
        end == nullptr ? 0 : static_cast<std::size_t>(static_cast<const std::uint8_t*>(end) - rest.data());
    malformed = length == 0 || mode == 0 || rest.size() - length - 1 < Oid::size;
    if (malformed) return false;
    row.name = as_text(rest.first(length));
    row.entry = {mode, Oid::from_bytes(rest.data() + length + 1)};
    tree = rest.subspan(length + 1 + Oid::size);
    return true;
}

PathEntry find_in_tree(ObjectReader& reader, const Oid& oid, std::string_view name) {
    ByteView tree = reader.read(oid, ObjectType::tree);
    TreeRow row;
    bool malformed = false;
    while (next_tree_row(tree, row, malformed)) {
        if (row.name == name) return row.entry;
    }
    if (malformed) throw reader.corrupt(oid, "is not a well-formed tree");
    return {};
}

TreeCursor::TreeCursor(ObjectReader& reader, const PathEntry& entry) : reader_(&reader), oid_(entry.oid) {
    if (!entry.is_tree()) return;
    const ByteView content = reader.read(entry.oid, ObjectType::tree);
    bytes_.assign(content.begin(), content.end());
    rest_ = bytes_;
    next();
}

void TreeCursor::next() {
    here_ = rest_;
    bool malformed = false;
    at_end_ = !next_tree_row(rest_, row_, malformed);
    if (malformed) throw reader_->corrupt(oid_, "is not a well-formed tree");
}

void TreeCursor::skip_same(TreeCursor& a, TreeCursor& b) {
    if (a.at_end_ || b.at_end_) return;
    ByteView left = a.here_;
    ByteView right = b.here_;
    while (!left.empty()) {
        const void* end = std::memchr(left.data(), 0, left.size());
        if (end == nullptr) break;
        const std::size_t length = static_cast<const std::uint8_t*>(end) - left.data() + 1 + Oid::size;
        if (length > left.size() || length > right.size() || std::memcmp(left.data(), right.data(), length) != 0) break;
        left = left.subspan(length);
        right = right.subspan(length);
    }
    if (left.size() == a.here_.size()) return;
    a.rest_ = left;
    b.rest_ = right;
    a.next();
    b.next();
}

}  // namespace uhost::git
