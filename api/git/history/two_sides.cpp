#include "api/git/history/two_sides.hpp"

#include <algorithm>

#include "api/git/history/history.hpp"

namespace uhost::git {

TwoSides::TwoSides(CommitTable& table, bool first_parent) : table_(table), first_parent_(first_parent) {}

void TwoSides::run(const std::stop_token& stop) {
    while (!queue_.empty() && !is_done()) {
        const auto index = queue_.top().index;
        queue_.pop();
        expand(index);
        if (stop.stop_requested()) throw cancelled();
    }
}

std::size_t TwoSides::count(Side side) {
    return static_cast<std::size_t>(
        std::ranges::count_if(reached_, [&](Index index) { return side_of(index) == side; }));
}

std::vector<TwoSides::Index> TwoSides::best_common() {
    std::vector<Index> found;
    for (const Index index : reached_) {
        if ((marks_[index] & (both | settled)) == both) found.push_back(index);
    }
    std::ranges::stable_sort(found, std::greater(), [&](Index index) { return table_.time(index); });
    return found;
}

bool TwoSides::is_cut() {
    return std::ranges::any_of(reached_,
                               [&](Index index) { return table_.is_cut(index) && side_of(index) != both; });
}

void TwoSides::reach(Index index, std::uint8_t marks) {
    auto& known = marks_[index];
    if (known == 0) reached_.push_back(index);
    if ((known & marks) == marks) return;
    if ((known & waiting) != 0 && (known & settled) == 0 && (marks & settled) != 0) --open_;
    known |= marks;
    if ((known & waiting) != 0) return;
    known |= waiting;
    if ((known & settled) == 0) ++open_;
    queue_.push({table_.key(index), index});
}

void TwoSides::expand(Index index) {
    marks_[index] &= static_cast<std::uint8_t>(~waiting);
    std::uint8_t marks = marks_[index];
    if ((marks & settled) == 0) {
        --open_;
        oldest_ = std::min(oldest_, table_.key(index));
    }
    if ((marks & both) == both) marks |= settled;
    const bool mainline = first_parent_ && marks == left;
    const auto count = mainline ? std::min(table_.parent_count(index), 1U) : table_.parent_count(index);
    for (std::uint32_t i = 0; i < count; ++i) reach(table_.parent(index, i), marks);
}

bool TwoSides::is_done() {
    if (open_ > 0) {
        extra_ = 0;
        return false;
    }
    const auto& next = queue_.top();
    if (table_.is_in_graph(next.index)) return true;
    return next.key < oldest_ && ++extra_ > steps_behind_end;
}

}  // namespace uhost::git
