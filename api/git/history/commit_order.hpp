#pragma once

#include <optional>
#include <queue>
#include <vector>

#include "api/git/history/history.hpp"

namespace uhost::git {

/// Goes through the commits of a history that are not hidden, children before parents and newest first where that
/// leaves a choice, and works out on the way which merge brought each commit in.
///
/// The mainline is the chain of first parents from the tip. A commit that is not on it was brought in by the oldest
/// mainline commit that reaches it, its mainline merge. What a mainline merge brought in has a mainline of its own: the
/// first parents from the merged side (any parent but the first), with merges on it that brought in the rest, and so on
/// inwards, as in a roll-up of pull requests. The innermost merge of a commit is the one on whose side it lies itself.
class CommitOrder {
public:
    using Index = History::Index;

    explicit CommitOrder(const History& history);

    /// The next commit, or nothing at the end. What the two functions below say of it is then final.
    std::optional<Index> next();

    /// The mainline merge that brought in a commit; `none` for a commit on the mainline itself.
    Index mainline_merge(Index index) const noexcept;
    /// The innermost merge that brought in a commit; `none` for a commit on the mainline itself.
    Index innermost_merge(Index index) const noexcept { return places_[index].innermost; }

private:
    struct Waiting {
        std::int64_t time;
        Index index;
        bool operator<(const Waiting& other) const noexcept {
            return time != other.time ? time < other.time : index > other.index;
        }
    };
    struct Place {
        Index children_left = 0;
        Index number = 0;                ///< in this order, from 1
        Index mainline = History::none;  ///< the mainline commit that brought it in, or itself
        Index innermost = History::none;
        Index depth = 0;  ///< how many merges lie around it, counting inwards
    };

    void tell_parent(Index child, Index parent, bool is_first);
    bool brought_earlier(Index a, Index b) const noexcept;

    const History* history_;
    std::vector<Place> places_;
    std::priority_queue<Waiting> ready_;
    Index given_ = 0;
};

}  // namespace uhost::git
