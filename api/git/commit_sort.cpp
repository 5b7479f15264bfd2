#include "api/git/commit_sort.hpp"

#include <algorithm>
#include <queue>

namespace uhost::git {

void CommitSort::add(Index index, std::vector<Index> parents, bool wanted) {
    auto& node = nodes_[index];
    node.parents = std::move(parents);
    node.known = true;
    node.wanted = wanted;
    added_.push_back(index);
}

std::int64_t CommitSort::date_of(Index index) {
    if (order_ != LogOrder::author_date) return table_.time(index);
    const auto commit = parse_commit(table_.id(index), table_.text(index));
    return commit ? commit->author.time : 0;
}

std::vector<CommitSort::Index> CommitSort::sorted() {
    for (const auto index : added_) {
        for (const auto parent : nodes_[index].parents) ++nodes_[parent].children_left;
    }
    struct Ready {
        std::int64_t date;
        std::uint64_t order;
        Index index;
        bool operator<(const Ready& other) const noexcept {
            return date != other.date ? date < other.date : order > other.order;
        }
    };
    std::priority_queue<Ready> by_date;
    std::vector<Index> stack, result;
    std::uint64_t order = 0;
    const auto put = [&](Index index) {
        if (order_ == LogOrder::topo) {
            stack.push_back(index);
        } else {
            by_date.push({date_of(index), order++, index});
        }
    };
    for (const auto index : added_) {
        if (nodes_[index].children_left == 0) put(index);
    }
    std::ranges::reverse(stack);
    while (!stack.empty() || !by_date.empty()) {
        const auto index = order_ == LogOrder::topo ? stack.back() : by_date.top().index;
        if (order_ == LogOrder::topo) {
            stack.pop_back();
        } else {
            by_date.pop();
        }
        if (nodes_[index].wanted) result.push_back(index);
        for (const auto parent : nodes_[index].parents) {
            if (--nodes_[parent].children_left == 0 && nodes_[parent].known) put(parent);
        }
    }
    return result;
}

}  // namespace uhost::git
