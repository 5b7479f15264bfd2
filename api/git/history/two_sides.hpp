#pragma once

#include <queue>

#include "api/git/history/commit_table.hpp"

namespace uhost::git {

/// Walks back from two sides until all that is left to look at is an ancestor of both, and of a common ancestor found
/// before.
///
/// With commits that are not in the commit-graph, an ancestor may claim to be newer than its descendant. What is found
/// out about a commit late is passed on to its parents again, and the walk does not end before all that is left is
/// older than what was found, and 64 commits further.
class TwoSides {
public:
    using Index = CommitTable::Index;
    enum Side : std::uint8_t { left = 1, right = 2, both = left | right };

    /// `first_parent`: of a merge that only the left side has, follow only the mainline.
    explicit TwoSides(CommitTable& table, bool first_parent = false);

    void start_at(Index index, Side side) { reach(index, side); }

    void run(const std::stop_token& stop = {});

    /// Which sides have a commit.
    Side side_of(Index index) { return static_cast<Side>(marks_[index] & both); }
    std::size_t count(Side side);
    /// The common ancestors that are not behind another one, newest first.
    std::vector<Index> best_common();
    /// Whether a shallow clone was cut at what only one side has: there may be more in common.
    bool is_cut();

private:
    static constexpr std::uint8_t settled = 4;  // an ancestor of a common ancestor
    static constexpr std::uint8_t waiting = 8;

    struct Waiting {
        std::int64_t key;
        Index index;
        bool operator<(const Waiting& other) const noexcept { return key < other.key; }
    };

    void reach(Index index, std::uint8_t marks);
    void expand(Index index);
    bool is_done();

    CommitTable& table_;
    bool first_parent_;
    CommitMarks<std::uint8_t> marks_;
    std::vector<Index> reached_;
    std::priority_queue<Waiting> queue_;
    std::size_t open_ = 0;             // commits in the queue that are not settled
    std::int64_t oldest_ = INT64_MAX;  // of those expanded
    unsigned extra_ = 0;
};

/// How far a walk by dates looks behind what ought to be its end.
constexpr unsigned steps_behind_end = 64;

}  // namespace uhost::git
