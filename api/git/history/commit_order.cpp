#include "api/git/history/commit_order.hpp"

namespace uhost::git {
namespace {

/// Merges nested deeper than this count as if their side were part of the line they are on.
constexpr std::uint32_t deepest_nesting = 64;

}  // namespace

CommitOrder::CommitOrder(const History& history) : history_(&history), places_(history.commits().size()) {
    const auto& commits = history.commits();
    for (Index i = 0; i < commits.size(); ++i) {
        if (commits[i].hidden) continue;
        for (const Index parent : history.parents(i)) ++places_[parent].children_left;
    }
    if (!commits[History::tip].hidden) {
        places_[History::tip].mainline = History::tip;
        ready_.push({commits[History::tip].time, History::tip});
    }
}

std::optional<CommitOrder::Index> CommitOrder::next() {
    if (ready_.empty()) return std::nullopt;
    const Index index = ready_.top().index;
    ready_.pop();
    places_[index].number = ++given_;
    bool is_first = true;
    for (const Index parent : history_->parents(index)) {
        tell_parent(index, parent, is_first);
        is_first = false;
        const History::Commit& commit = (*history_)[parent];
        if (--places_[parent].children_left == 0 && !commit.hidden) ready_.push({commit.time, parent});
    }
    return index;
}

CommitOrder::Index CommitOrder::mainline_merge(Index index) const noexcept {
    const Index mainline = places_[index].mainline;
    return mainline == index ? History::none : mainline;
}

/// Every child is given before its parents, so what is known of the child is final, and the parent keeps the best of
/// what its children tell.
void CommitOrder::tell_parent(Index child, Index parent, bool is_first) {
    const Place& from = places_[child];
    Place& to = places_[parent];
    if (is_first && from.mainline == child) {
        to.mainline = parent;
        to.innermost = History::none;
        to.depth = 0;
        return;
    }
    if (to.mainline == parent) return;
    const Index merge = is_first || from.depth >= deepest_nesting ? from.innermost : child;
    if (to.innermost != History::none && !brought_earlier(merge, to.innermost)) return;
    to.innermost = merge;
    to.mainline = from.mainline;
    to.depth = places_[merge].depth + 1;
}

/// Whether being on the side of merge `a` tells more than being on that of `b`. The merges around each form a path
/// inwards; where the paths part, the older merge was the first to bring the commit in. If one path is part of the
/// other, the commit lies on the shorter one's line, and the longer one only branched off there.
bool CommitOrder::brought_earlier(Index a, Index b) const noexcept {
    Index outer_a = a;
    Index outer_b = b;
    while (places_[outer_a].depth > places_[outer_b].depth) outer_a = places_[outer_a].innermost;
    while (places_[outer_b].depth > places_[outer_a].depth) outer_b = places_[outer_b].innermost;
    if (outer_a == outer_b) return places_[a].depth < places_[b].depth;
    while (places_[outer_a].innermost != places_[outer_b].innermost) {
        outer_a = places_[outer_a].innermost;
        outer_b = places_[outer_b].innermost;
    }
    return places_[outer_a].number > places_[outer_b].number;
}

}  // namespace uhost::git
