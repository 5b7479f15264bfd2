#include "api/git/history/tree_object.hpp"

#include <algorithm>
#include <array>

#include "api/git/history/objects.hpp"

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

void TreeCursor::go_to(ByteView rest) {
    rest_ = rest;
    next();
}

namespace {

/// How many bytes whole rows take that all of `trees` begin with.
template <std::size_t count>
std::size_t same_rows(const std::array<ByteView, count>& trees) noexcept {
    const ByteView first = trees[0];
    std::size_t same = 0;
    while (same < first.size()) {
        const void* end = std::memchr(first.data() + same, 0, first.size() - same);
        if (end == nullptr) return same;
        const std::size_t next = static_cast<const std::uint8_t*>(end) - first.data() + 1 + Oid::size;
        for (const ByteView tree : trees) {
            if (next > tree.size() || std::memcmp(first.data() + same, tree.data() + same, next - same) != 0)
                return same;
        }
        same = next;
    }
    return same;
}

}  // namespace

void TreeCursor::skip_same(TreeCursor& a, TreeCursor& b) {
    if (a.at_end_ || b.at_end_) return;
    const auto same = same_rows(std::array{a.here_, b.here_});
    if (same == 0) return;
    a.go_to(a.here_.subspan(same));
    b.go_to(b.here_.subspan(same));
}

void TreeCursor::skip_same(TreeCursor& a, TreeCursor& b, TreeCursor& c) {
    if (a.at_end_ || b.at_end_ || c.at_end_) return;
    const auto same = same_rows(std::array{a.here_, b.here_, c.here_});
    if (same == 0) return;
    a.go_to(a.here_.subspan(same));
    b.go_to(b.here_.subspan(same));
    c.go_to(c.here_.subspan(same));
}

int compare_tree_rows(const TreeRow& a, const TreeRow& b) noexcept {
    const auto byte_at = [](const TreeRow& row, std::size_t at) -> int {
        if (at < row.name.size()) return static_cast<unsigned char>(row.name[at]);
        return row.entry.is_tree() ? '/' : 0;
    };
    const std::size_t common = std::min(a.name.size(), b.name.size());
    if (const int order = std::memcmp(a.name.data(), b.name.data(), common); order != 0) return order;
    return byte_at(a, common) - byte_at(b, common);
}

namespace {

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        if (!part.empty() && part != ".") parts.emplace_back(part);
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    return parts;
}

}  // namespace

std::string plain_path(std::string_view path) {
    const auto refuse = [&](const char* why) {
        return Error("argument", "path '" + std::string(path) + "' " + why)
            .hint("give the path as the repository has it, such as 'tests/crashes'")
            .with("path", std::string(path));
    };
    if (path.starts_with('/')) throw refuse("is absolute");
    if (path.find('\0') != std::string_view::npos) throw refuse("holds a NUL character");
    std::string plain;
    for (const std::string& part : split(path)) {
        if (part == "..") throw refuse("leads out of a folder by '..'");
        if (!plain.empty()) plain += '/';
        plain += part;
    }
    return plain;
}

std::vector<std::string> plain_paths(const std::vector<std::string>& paths) {
    std::vector<std::string> plain;
    for (const auto& path : paths) plain.push_back(plain_path(path));
    if (std::ranges::find(plain, "") != plain.end()) plain.clear();
    return plain;
}

TreePaths::TreePaths(ObjectReader& reader, std::string_view path)
    : reader_(&reader), parts_(split(path)), known_(parts_.size()) {}

PathEntry TreePaths::find(const Oid& root) {
    PathEntry entry{tree_mode, root};
    for (std::size_t level = 0; level < parts_.size() && entry.is_tree(); ++level) {
        entry = step(level, entry.oid);
        if (!entry.is_tree() && level + 1 < parts_.size()) return {};
    }
    return entry;
}

PathEntry TreePaths::step(std::size_t level, const Oid& tree) {
    Memory& known = known_[level];
    if (const auto place = known.find(tree); place != known.end()) return place->second;
    const PathEntry entry = find_in_tree(*reader_, tree, parts_[level]);
    known.emplace(tree, entry);
    return entry;
}
namespace {

constexpr std::size_t max_changed_files = 1'000'000;
constexpr unsigned max_depth = 1000;

/// Calls `visit(path, before, after)` for every path that differs between two trees, in git's order. Of a folder only
/// what is in it counts. A path that is a file on one side and a folder on the other comes as one that went and others
/// that came.
template <class Visit>
class Comparison {
public:
    Comparison(ObjectReader& reader, bool look_into_new, Visit visit)
        : reader_(reader), look_into_new_(look_into_new), visit_(std::move(visit)) {}

    void compare(const PathEntry& before, const PathEntry& after, const std::string& path, unsigned depth = 0) {
        if (before == after) return;
        const PathEntry old_file = before.is_tree() ? PathEntry{} : before;
        const PathEntry new_file = after.is_tree() ? PathEntry{} : after;
        if (!(old_file == new_file)) visit_(path, old_file, new_file);
        if (before.is_tree() || (after.is_tree() && look_into_new_)) compare_rows(before, after, path, depth + 1);
    }

private:
    void compare_rows(const PathEntry& before, const PathEntry& after, const std::string& path, unsigned depth) {
        if (before.is_tree() && after.is_tree() && before.oid == after.oid) return;
        if (depth > max_depth) throw limit_error(path, "folders are nested more than 1,000 deep");
        TreeCursor old_tree(reader_, before);
        TreeCursor new_tree(reader_, after);
        const std::string prefix = path.empty() ? path : path + '/';
        // A name that is a file on one side and a folder on the other has two places in git's order; each is compared
        // with nothing, which says of both that one went and that one came.
        while (true) {
            TreeCursor::skip_same(old_tree, new_tree);
            if (old_tree.at_end() && new_tree.at_end()) return;
            const int order = old_tree.at_end()   ? 1
                              : new_tree.at_end() ? -1
                                                  : compare_tree_rows(old_tree.row(), new_tree.row());
            const std::string name = prefix + std::string(order <= 0 ? old_tree.row().name : new_tree.row().name);
            compare(order <= 0 ? old_tree.row().entry : PathEntry{}, order >= 0 ? new_tree.row().entry : PathEntry{},
                    name, depth);
            if (order <= 0) old_tree.next();
            if (order >= 0) new_tree.next();
        }
    }

    static Error limit_error(const std::string& path, const char* what) {
        return Error("git.limit", std::string(what) + " at " + path.substr(0, 200))
            .hint("name a path that leaves this part of the tree out");
    }

    ObjectReader& reader_;
    bool look_into_new_;
    Visit visit_;
};

template <class List, class Item>
void add(List& list, Item item) {
    if (list.size() == max_changed_files) {
        throw Error("git.limit", "one commit changes more than a million files at " + item.path.substr(0, 200))
            .hint("name a path that leaves this part of the tree out");
    }
    list.push_back(std::move(item));
}

}  // namespace

TreeDifference diff_entries(ObjectReader& reader, const PathEntry& before, const PathEntry& after,
                            const std::string& path, DifferenceOf wanted) {
    TreeDifference difference;
    const auto visit = [&](const std::string& at, const PathEntry& old_file, const PathEntry& new_file) {
        if (old_file.is_file() && new_file.is_absent()) add(difference.removed, TreeFile{at, old_file});
        if (new_file.is_file() && old_file.is_absent() && wanted == DifferenceOf::both) {
            add(difference.added, TreeFile{at, new_file});
        }
    };
    Comparison(reader, wanted == DifferenceOf::both, visit).compare(before, after, path);
    return difference;
}

std::vector<ChangedPath> changed_paths(ObjectReader& reader, const PathEntry& before, const PathEntry& after,
                                       const std::string& path) {
    std::vector<ChangedPath> changed;
    const auto visit = [&](const std::string& at, const PathEntry& old_file, const PathEntry& new_file) {
        add(changed, ChangedPath{at, old_file, new_file});
    };
    Comparison(reader, true, visit).compare(before, after, path);
    return changed;
}

}  // namespace uhost::git
