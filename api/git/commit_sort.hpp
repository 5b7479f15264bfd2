#pragma once

#include <vector>

#include "api/git/history/commit_table.hpp"
#include "api/git/log_walk.hpp"

namespace uhost::git {

/// Puts commits into an order in which children come before parents, as sort_in_topological_order of git's commit.c.
class CommitSort {
public:
    using Index = CommitTable::Index;

    CommitSort(CommitTable& table, LogOrder order) : table_(table), order_(order) {}

    /// A commit with the parents that its log follows, in the order of a walk; only those that are `wanted` are among
    /// the sorted.
    void add(Index index, std::vector<Index> parents, bool wanted);

    std::vector<Index> sorted();

private:
    struct Node {
        std::vector<Index> parents;
        std::size_t children_left = 0;
        bool known = false, wanted = false;
    };

    std::int64_t date_of(Index index);

    CommitTable& table_;
    LogOrder order_;
    CommitMarks<Node> nodes_;
    std::vector<Index> added_;
};

}  // namespace uhost::git
