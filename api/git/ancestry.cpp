#include "api/git/ancestry.hpp"

#include <queue>
#include <utility>

#include "api/git/history/two_sides.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

using Index = CommitTable::Index;

/// With a graph every line of history is followed to its end at once, mainline first, and cut where it cannot lead to
/// the ancestor any more.
bool reaches_in_graph(CommitTable& table, Index from, Index to) {
    const auto bound = table.key(to);
    CommitMarks<char> seen;
    std::vector<Index> stack{from};
    while (!stack.empty()) {
        const auto index = stack.back();
        stack.pop_back();
        if (index == to) return true;
        if (std::exchange(seen[index], 1) != 0) continue;
        if (table.is_in_graph(index) && table.key(index) <= bound) continue;
        for (auto i = table.parent_count(index); i-- > 0;) stack.push_back(table.parent(index, i));
    }
    return false;
}

/// Without one, newest first, until all that is left is older than the ancestor, and 64 commits further: clocks may
/// have been wrong.
bool reaches_by_date(CommitTable& table, Index from, Index to) {
    CommitMarks<char> seen;
    std::priority_queue<std::pair<std::int64_t, Index>> queue;
    bool cut = false;
    unsigned extra = 0;
    queue.emplace(table.time(from), from);
    seen[from] = 1;
    while (!queue.empty() && (queue.top().first >= table.time(to) || ++extra <= steps_behind_end)) {
        const auto index = queue.top().second;
        queue.pop();
        if (index == to) return true;
        cut = cut || table.is_cut(index);
        for (std::uint32_t i = 0; i < table.parent_count(index); ++i) {
            const auto parent = table.parent(index, i);
            if (std::exchange(seen[parent], 1) == 0) queue.emplace(table.time(parent), parent);
        }
    }
    if (cut) throw shallow_error("cannot find out whether one commit is an ancestor of another");
    return false;
}

}  // namespace

std::vector<Oid> merge_bases(const ObjectStore& store, const Oid& one, const std::vector<Oid>& others) {
    ObjectReader reader(store);
    CommitTable table(reader);
    TwoSides sides(table);
    sides.start_at(table.find(one), TwoSides::left);
    for (const auto& other : others) sides.start_at(table.find(other), TwoSides::right);
    sides.run();
    if (sides.is_cut()) throw shallow_error("cannot find the merge base");
    std::vector<Oid> found;
    for (const auto index : sides.best_common()) found.push_back(table.id(index));
    return found;
}

std::optional<Oid> merge_base(const Repository& repository, const std::vector<std::string>& revisions) {
    const auto lease = repository.lease();
    std::vector<Oid> ids;
    for (const auto& revision : revisions) ids.push_back(require_commit(lease, revision));
    const auto bases = merge_bases(*repository.objects(), ids.front(), {ids.begin() + 1, ids.end()});
    return bases.empty() ? std::nullopt : std::optional(bases.front());
}

AheadBehind count_sides(CommitTable& table, Index left, Index right) {
    if (left == right) return {0, 0};
    TwoSides sides(table);
    sides.start_at(left, TwoSides::left);
    sides.start_at(right, TwoSides::right);
    sides.run();
    return {sides.count(TwoSides::left), sides.count(TwoSides::right)};
}

AheadBehind ahead_behind(const Repository& repository, const std::string& revision, const std::string& upstream) {
    const auto lease = repository.lease();
    const auto ours = require_commit(lease, revision), theirs = require_commit(lease, upstream);
    if (ours == theirs) return {0, 0};
    const auto objects = repository.objects();
    ObjectReader reader(*objects);
    CommitTable table(reader);
    TwoSides sides(table);
    sides.start_at(table.find(ours), TwoSides::left);
    sides.start_at(table.find(theirs), TwoSides::right);
    sides.run();
    if (sides.is_cut()) throw shallow_error("cannot compare '" + revision + "' with '" + upstream + "'");
    return {sides.count(TwoSides::left), sides.count(TwoSides::right)};
}

bool is_ancestor(const Repository& repository, const std::string& ancestor, const std::string& descendant) {
    const auto lease = repository.lease();
    const auto older = require_commit(lease, ancestor), newer = require_commit(lease, descendant);
    if (older == newer) return true;
    const auto objects = repository.objects();
    ObjectReader reader(*objects);
    CommitTable table(reader);
    const auto from = table.find(newer), to = table.find(older);
    return table.has_graph() ? reaches_in_graph(table, from, to) : reaches_by_date(table, from, to);
}

bool is_known_ancestor(git_repository* repository, const Oid& ancestor, const Oid& descendant) {
    if (ancestor == descendant) return true;
    const auto older = to_git_oid(ancestor), newer = to_git_oid(descendant);
    return attempt(git_graph_descendant_of, repository, &newer, &older).code == 1;
}

}  // namespace uhost::git
