#include "api/git/history/tree_diff.hpp"

#include "api/git/history/object_reader.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t most_files = 1'000'000;
constexpr unsigned deepest = 1000;

class Comparison {
public:
    Comparison(ObjectReader& reader, DifferenceOf wanted) : reader_(reader), wanted_(wanted) {}

    void compare(const PathEntry& before, const PathEntry& after, const std::string& path, unsigned depth = 0) {
        if (before == after) return;
        if (before.is_file() && (after.is_absent() || after.is_tree())) add(result_.removed, path, before);
        if (after.is_file() && (before.is_absent() || before.is_tree()) && wanted_ == DifferenceOf::both) {
            add(result_.added, path, after);
        }
        const bool look_inside = before.is_tree() || (after.is_tree() && wanted_ == DifferenceOf::both);
        if (look_inside && !(before.is_tree() && after.is_tree() && before.oid == after.oid)) {
            compare_rows(before, after, path, depth + 1);
        }
    }

    TreeDifference take() { return std::move(result_); }

private:
    void compare_rows(const PathEntry& before, const PathEntry& after, const std::string& path, unsigned depth) {
        if (depth > deepest) throw limit(path, "folders are nested more than 1,000 deep");
        TreeCursor old_tree(reader_, before);
        TreeCursor new_tree(reader_, after);
        const std::string prefix = path.empty() ? path : path + '/';
        // A name that is a file on one side and a folder on the other has two places in git's order; each is compared
        // with nothing, which tells both that one went and that one came.
        while (true) {
            TreeCursor::skip_same(old_tree, new_tree);
            if (old_tree.at_end() && new_tree.at_end()) return;
            const int order = old_tree.at_end()   ? 1
                              : new_tree.at_end() ? -1
                                                  : compare_order(old_tree.row(), new_tree.row());
            const std::string name = prefix + std::string(order <= 0 ? old_tree.row().name : new_tree.row().name);
            compare(order <= 0 ? old_tree.row().entry : PathEntry{}, order >= 0 ? new_tree.row().entry : PathEntry{},
                    name, depth);
            if (order <= 0) old_tree.next();
            if (order >= 0) new_tree.next();
        }
    }

    /// Git's order of tree rows: by name, where that of a folder counts as if a slash followed.
    static int compare_order(const TreeRow& a, const TreeRow& b) {
        const std::size_t common = std::min(a.name.size(), b.name.size());
        if (const int order = std::memcmp(a.name.data(), b.name.data(), common); order != 0) return order;
        const int next_a = next_byte(a, common);
        const int next_b = next_byte(b, common);
        return next_a - next_b;
    }

    static int next_byte(const TreeRow& row, std::size_t at) {
        if (at < row.name.size()) return static_cast<unsigned char>(row.name[at]);
        return row.entry.is_tree() ? '/' : 0;
    }

    void add(std::vector<TreeFile>& list, const std::string& path, const PathEntry& entry) {
        if (list.size() == most_files) throw limit(path, "one commit changes more than a million files");
        list.push_back({path, entry});
    }

    static Error limit(const std::string& path, const char* what) {
        return Error("git.limit", std::string(what) + " at " + path.substr(0, 200))
            .hint("name a path that leaves this part of the tree out");
    }

    ObjectReader& reader_;
    DifferenceOf wanted_;
    TreeDifference result_;
};

}  // namespace

TreeDifference diff_entries(ObjectReader& reader, const PathEntry& before, const PathEntry& after,
                            const std::string& path, DifferenceOf wanted) {
    Comparison comparison(reader, wanted);
    comparison.compare(before, after, path);
    return comparison.take();
}

}  // namespace uhost::git
