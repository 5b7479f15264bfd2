#include "api/git/history/line_diff.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>

namespace uhost::git {
namespace {

// LibXDiff's constants.
constexpr std::ptrdiff_t max_common_count = 1024;  // a line with more counterparts counts as a common one
constexpr std::ptrdiff_t common_window = 100;      // lines looked at around a common one
constexpr std::ptrdiff_t least_max_cost = 256;
constexpr std::ptrdiff_t heuristic_cost = 256;
constexpr std::ptrdiff_t snake_length = 20;
constexpr std::ptrdiff_t promising_factor = 4;
constexpr std::ptrdiff_t infinite = std::numeric_limits<std::ptrdiff_t>::max();

/// The power of two near the square root.
std::ptrdiff_t rough_square_root(std::ptrdiff_t n) noexcept {
    std::ptrdiff_t root = 1;
    for (; n > 0; n >>= 2) root <<= 1;
    return root;
}

}  // namespace

const std::vector<LineChange>& LineDiffer::compare(std::span<const Line> old_lines, std::span<const Line> new_lines) {
    reset(old_, old_lines);
    reset(new_, new_lines);
    if (algorithm_ == DiffAlgorithm::myers) {
        mark_changes_by_myers();
    } else {
        mark_changes_by_histogram();
    }
    compact(old_, new_);
    compact(new_, old_);
    changes_.clear();
    for (Index i = 0, j = 0; i < old_.size() || j < new_.size(); ++i, ++j) {
        const Index old_begin = i, new_begin = j;
        while (old_.changed[i]) ++i;
        while (new_.changed[j]) ++j;
        if (i == old_begin && j == new_begin) continue;
        changes_.push_back({static_cast<std::size_t>(old_begin), static_cast<std::size_t>(i - old_begin),
                            static_cast<std::size_t>(new_begin), static_cast<std::size_t>(j - new_begin)});
    }
    return changes_;
}

void LineDiffer::mark_changes_by_myers() {
    const Index shorter = std::min(old_.size(), new_.size());
    Index head = 0, tail = 0;
    while (head < shorter && old_.lines[head] == new_.lines[head]) ++head;
    while (tail < shorter - head && old_.lines[old_.size() - 1 - tail] == new_.lines[new_.size() - 1 - tail]) ++tail;
    const Index old_last = old_.size() - tail, new_last = new_.size() - tail;
    if (head == old_last || head == new_last) {
        std::fill(old_.changed + head, old_.changed + old_last, 1);
        std::fill(new_.changed + head, new_.changed + new_last, 1);
    } else {
        count(old_, 1);
        count(new_, 1);
        keep_matched(old_, new_, head, old_last);
        keep_matched(new_, old_, head, new_last);
        count(old_, UINT32_MAX);
        count(new_, UINT32_MAX);
        const auto old_kept = static_cast<Index>(old_.kept.size()), new_kept = static_cast<Index>(new_.kept.size());
        const auto diagonals = old_kept + new_kept + 3;
        for (Front* front : {&forward_, &backward_}) {
            front->storage.resize(static_cast<std::size_t>(diagonals));
            front->at = front->storage.data() + new_kept + 1;
        }
        max_cost_ = std::max(rough_square_root(diagonals), least_max_cost);
        search({0, old_kept, 0, new_kept}, false);
    }
}

void LineDiffer::reset(Side& side, std::span<const Line> lines) {
    side.lines = lines;
    side.changed_storage.assign(lines.size() + 2, 0);
    side.changed = side.changed_storage.data() + 1;
    side.kept.clear();
    side.kept_at.clear();
    if (side.counts.size() < table_.size()) side.counts.resize(table_.size());
}

/// Adds `step` for each line; the counts of all others are 0 all the time.
void LineDiffer::count(Side& side, std::uint32_t step) {
    for (const Line line : side.lines) side.counts[line] += step;
}

/// Leaves lines of [first, last) out of the search: those the other text does not have, and common ones that stand
/// among many of these.
void LineDiffer::keep_matched(Side& side, const Side& other, Index first, Index last) {
    enum : char { unmatched = 0, matched = 1, common = 2 };
    const auto max_count = std::min(rough_square_root(side.size()), max_common_count);
    std::vector<char> kinds;
    for (Index i = first; i < last; ++i) {
        const Index found = other.counts[side.lines[i]];
        kinds.push_back(found == 0 ? unmatched : found >= max_count ? common : matched);
    }
    const auto size = static_cast<Index>(kinds.size());
    // How many lines without a counterpart, and how many common ones, follow line i up to a line that is neither.
    const auto run = [&](Index i, Index step, Index& without, Index& with) {
        const Index limit = step < 0 ? std::max<Index>(i - common_window, 0) : std::min(i + common_window, size - 1);
        for (Index j = i + step; step < 0 ? j >= limit : j <= limit; j += step) {
            if (kinds[j] == matched) break;
            ++(kinds[j] == unmatched ? without : with);
        }
        return without;
    };
    const auto is_noise = [&](Index i) {
        Index without_before = 0, without_after = 0, with = 2;
        if (run(i, -1, without_before, with) == 0 || run(i, 1, without_after, with) == 0) return false;
        return with * promising_factor < with + without_before + without_after;
    };
    for (Index i = 0; i < size; ++i) {
        if (kinds[i] == matched || (kinds[i] == common && !is_noise(i))) {
            side.kept.push_back(side.lines[first + i]);
            side.kept_at.push_back(first + i);
        } else {
            side.changed[first + i] = 1;
        }
    }
}

void LineDiffer::search(Box box, bool minimal) {
    const auto& a = old_.kept;
    const auto& b = new_.kept;
    while (box.old_begin < box.old_end && box.new_begin < box.new_end && a[box.old_begin] == b[box.new_begin]) {
        ++box.old_begin, ++box.new_begin;
    }
    while (box.old_begin < box.old_end && box.new_begin < box.new_end && a[box.old_end - 1] == b[box.new_end - 1]) {
        --box.old_end, --box.new_end;
    }
    if (box.old_begin == box.old_end || box.new_begin == box.new_end) {
        for (Index i = box.old_begin; i < box.old_end; ++i) old_.changed[old_.kept_at[i]] = 1;
        for (Index i = box.new_begin; i < box.new_end; ++i) new_.changed[new_.kept_at[i]] = 1;
        return;
    }
    const Split middle = split(box, minimal);
    search({box.old_begin, middle.old_at, box.new_begin, middle.new_at}, middle.minimal_before);
    search({middle.old_at, box.old_end, middle.new_at, box.new_end}, middle.minimal_after);
}

/// A point on a shortest path through the box, searched from both corners at once; unless `minimal`, a good one when
/// that takes too long. Diagonals are old minus new.
LineDiffer::Split LineDiffer::split(const Box& box, bool minimal) {
    forward_.middle = forward_.first = forward_.last = box.old_begin - box.new_begin;
    backward_.middle = backward_.first = backward_.last = box.old_end - box.new_end;
    forward_.at[forward_.middle] = box.old_begin;
    backward_.at[backward_.middle] = box.old_end;
    const bool odd = ((forward_.middle - backward_.middle) & 1) != 0;
    Split found;
    for (Index cost = 1;; ++cost) {
        bool snake = false;
        if (extend_forward(box, odd, snake, found) || extend_backward(box, odd, snake, found)) return found;
        if (minimal) continue;
        if (snake && cost > heuristic_cost && find_promising(box, cost, found)) return found;
        if (cost >= max_cost_) return furthest(box);
    }
}

bool LineDiffer::extend_forward(const Box& box, bool odd, bool& snake, Split& found) {
    auto& [storage, at, first, last, middle] = forward_;
    if (first > box.old_begin - box.new_end) {
        at[--first - 1] = -1;
    } else {
        ++first;
    }
    if (last < box.old_end - box.new_begin) {
        at[++last + 1] = -1;
    } else {
        --last;
    }
    for (Index diagonal = last; diagonal >= first; diagonal -= 2) {
        Index i = at[diagonal - 1] >= at[diagonal + 1] ? at[diagonal - 1] + 1 : at[diagonal + 1];
        const Index start = i;
        for (Index j = i - diagonal; i < box.old_end && j < box.new_end && old_.kept[i] == new_.kept[j]; ++j) ++i;
        snake = snake || i - start > snake_length;
        at[diagonal] = i;
        if (odd && backward_.first <= diagonal && diagonal <= backward_.last && backward_.at[diagonal] <= i) {
            found = {i, i - diagonal, true, true};
            return true;
        }
    }
    return false;
}

bool LineDiffer::extend_backward(const Box& box, bool odd, bool& snake, Split& found) {
    auto& [storage, at, first, last, middle] = backward_;
    if (first > box.old_begin - box.new_end) {
        at[--first - 1] = infinite;
    } else {
        ++first;
    }
    if (last < box.old_end - box.new_begin) {
        at[++last + 1] = infinite;
    } else {
        --last;
    }
    for (Index diagonal = last; diagonal >= first; diagonal -= 2) {
        Index i = at[diagonal - 1] < at[diagonal + 1] ? at[diagonal - 1] : at[diagonal + 1] - 1;
        const Index start = i;
        for (Index j = i - diagonal; i > box.old_begin && j > box.new_begin && old_.kept[i - 1] == new_.kept[j - 1];
             --j) {
            --i;
        }
        snake = snake || start - i > snake_length;
        at[diagonal] = i;
        if (!odd && forward_.first <= diagonal && diagonal <= forward_.last && i <= forward_.at[diagonal]) {
            found = {i, i - diagonal, true, true};
            return true;
        }
    }
    return false;
}

/// A point that came far for its cost, at the end of a long run of equal lines.
bool LineDiffer::find_promising(const Box& box, Index cost, Split& found) const {
    const auto equal_run = [&](Index i, Index j) {
        for (Index k = 0; k < snake_length; ++k) {
            if (old_.kept[i + k] != new_.kept[j + k]) return false;
        }
        return true;
    };
    Index best = 0;
    for (Index diagonal = forward_.last; diagonal >= forward_.first; diagonal -= 2) {
        const Index i = forward_.at[diagonal], j = i - diagonal;
        const Index value = (i - box.old_begin) + (j - box.new_begin) - std::abs(diagonal - forward_.middle);
        if (value <= promising_factor * cost || value <= best) continue;
        if (box.old_begin + snake_length > i || i >= box.old_end) continue;
        if (box.new_begin + snake_length > j || j >= box.new_end) continue;
        if (!equal_run(i - snake_length, j - snake_length)) continue;
        best = value;
        found = {i, j, true, false};
    }
    if (best > 0) return true;
    for (Index diagonal = backward_.last; diagonal >= backward_.first; diagonal -= 2) {
        const Index i = backward_.at[diagonal], j = i - diagonal;
        const Index value = (box.old_end - i) + (box.new_end - j) - std::abs(diagonal - backward_.middle);
        if (value <= promising_factor * cost || value <= best) continue;
        if (box.old_begin >= i || i > box.old_end - snake_length) continue;
        if (box.new_begin >= j || j > box.new_end - snake_length) continue;
        if (!equal_run(i, j)) continue;
        best = value;
        found = {i, j, false, true};
    }
    return best > 0;
}

/// The point that came furthest from its corner.
LineDiffer::Split LineDiffer::furthest(const Box& box) const {
    Index forward_sum = -1, forward_at = -1, backward_sum = infinite, backward_at = infinite;
    for (Index diagonal = forward_.last; diagonal >= forward_.first; diagonal -= 2) {
        Index i = std::min(forward_.at[diagonal], box.old_end);
        if (box.new_end < i - diagonal) i = box.new_end + diagonal;
        const Index sum = i + (i - diagonal);
        if (forward_sum < sum) forward_sum = sum, forward_at = i;
    }
    for (Index diagonal = backward_.last; diagonal >= backward_.first; diagonal -= 2) {
        Index i = std::max(box.old_begin, backward_.at[diagonal]);
        if (i - diagonal < box.new_begin) i = box.new_begin + diagonal;
        const Index sum = i + (i - diagonal);
        if (sum < backward_sum) backward_sum = sum, backward_at = i;
    }
    if (box.old_end + box.new_end - backward_sum < forward_sum - (box.old_begin + box.new_begin)) {
        return {forward_at, forward_sum - forward_at, true, false};
    }
    return {backward_at, backward_sum - backward_at, false, true};
}

std::size_t equal_tail_lines(std::string_view old_text, std::string_view new_text) {
    constexpr std::size_t block = 1024;
    const auto shorter = std::min(old_text.size(), new_text.size());
    std::size_t trimmed = 0;
    while (trimmed + block <= shorter && old_text.substr(old_text.size() - trimmed - block, block) ==
                                             new_text.substr(new_text.size() - trimmed - block, block)) {
        trimmed += block;
    }
    auto tail = old_text.substr(old_text.size() - trimmed);
    const auto feed = tail.find('\n');
    tail.remove_prefix(feed == std::string_view::npos ? tail.size() : feed + 1);
    const auto feeds = static_cast<std::size_t>(std::ranges::count(tail, '\n'));
    return feeds + (tail.empty() || tail.ends_with('\n') ? 0 : 1);
}

}  // namespace uhost::git
