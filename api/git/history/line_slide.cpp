// Where the changes that a LineDiffer found are shown: groups of changed lines slide to where a person would cut.
#include <algorithm>

#include "api/git/history/line_diff.hpp"

namespace uhost::git {
namespace {

constexpr std::ptrdiff_t max_sliding = 100;  // LibXDiff's

/// How well a text may be cut before a line: the less, the better. An indented cut is worse than any other.
class CutScore {
public:
    void add(const LineTable& table, std::span<const Line> lines, std::ptrdiff_t at);
    bool is_no_worse_than(const CutScore& other) const noexcept {
        const int order = (indent_ > other.indent_) - (indent_ < other.indent_);
        return indent_weight * order + (penalty_ - other.penalty_) <= 0;
    }

private:
    static constexpr int indent_weight = 60, max_blank_lines = 20;

    /// The indent of the first line from `at` on that is not blank; `blank_lines` counts those before it.
    static int first_indent(const LineTable& table, std::span<const Line> lines, std::ptrdiff_t at, std::ptrdiff_t step,
                            int& blank_lines) {
        for (; at >= 0 && at < static_cast<std::ptrdiff_t>(lines.size()); at += step) {
            if (const int indent = table.indent(lines[at]); indent != -1) return indent;
            if (++blank_lines == max_blank_lines) return 0;
        }
        return -1;
    }

    int indent_ = 0, penalty_ = 0;
};

void CutScore::add(const LineTable& table, std::span<const Line> lines, std::ptrdiff_t at) {
    const bool at_end = at >= static_cast<std::ptrdiff_t>(lines.size());
    int blank_before = 0, blank_after = 0;
    const int own = at_end ? -1 : table.indent(lines[at]);
    const int before = first_indent(table, lines, at - 1, -1, blank_before);
    const int after = first_indent(table, lines, at + 1, 1, blank_after);
    if (before == -1 && blank_before == 0) penalty_ += 1;
    if (at_end) penalty_ += 21;
    const int blank_from_here = own == -1 ? 1 + blank_after : 0;
    const int blank = blank_before + blank_from_here;
    penalty_ += -30 * blank + 6 * blank_from_here;
    const int indent = own != -1 ? own : after;
    indent_ += indent;
    if (indent == -1 || before == -1 || indent == before) return;
    if (indent > before) {
        penalty_ += blank != 0 ? 10 : -4;
    } else if (after != -1 && after > indent) {
        penalty_ += blank != 0 ? 17 : 24;
    } else {
        penalty_ += blank != 0 ? 17 : 23;
    }
}

}  // namespace

/// Slides each group of changed lines within the lines that equal its own: to where the other text has a change as
/// well, else to where it is cut best. Both texts have the same number of groups, some of them empty.
void LineDiffer::compact(Side& side, const Side& other) const {
    const auto next = [](const Side& of, Group& group) {
        if (group.end == of.size()) return false;
        group.begin = group.end = group.end + 1;
        while (of.changed[group.end]) ++group.end;
        return true;
    };
    const auto previous = [](const Side& of, Group& group) {
        group.begin = group.end = group.begin - 1;
        while (of.changed[group.begin - 1]) --group.begin;
    };
    const auto slide_up = [&side](Group& group) {
        if (group.begin == 0 || side.lines[group.begin - 1] != side.lines[group.end - 1]) return false;
        side.changed[--group.begin] = 1;
        side.changed[--group.end] = 0;
        while (side.changed[group.begin - 1]) --group.begin;
        return true;
    };
    const auto slide_down = [&side](Group& group) {
        if (group.end == side.size() || side.lines[group.begin] != side.lines[group.end]) return false;
        side.changed[group.begin++] = 0;
        side.changed[group.end++] = 1;
        while (side.changed[group.end]) ++group.end;
        return true;
    };
    Group group, opposite;
    while (side.changed[group.end]) ++group.end;
    while (other.changed[opposite.end]) ++opposite.end;
    do {
        if (group.begin == group.end) continue;
        Index size = 0, earliest_end = 0;
        bool faces_change = false;
        do {  // sliding may merge it with its neighbours
            size = group.end - group.begin;
            while (slide_up(group)) previous(other, opposite);
            earliest_end = group.end;
            faces_change = opposite.end > opposite.begin;
            while (slide_down(group)) {
                next(other, opposite);
                faces_change = faces_change || opposite.end > opposite.begin;
            }
        } while (size != group.end - group.begin);
        if (group.end == earliest_end) continue;
        if (!faces_change && algorithm_ == DiffAlgorithm::histogram) continue;
        const Index end = faces_change ? -1 : best_end(side, group, earliest_end, size);
        while (faces_change ? opposite.begin == opposite.end : group.end > end) {
            slide_up(group);
            previous(other, opposite);
        }
    } while (next(side, group) && next(other, opposite));
}

LineDiffer::Index LineDiffer::best_end(const Side& side, const Group& group, Index earliest_end, Index size) const {
    CutScore best;
    Index best_at = -1;
    for (Index end = std::max({earliest_end, group.end - size - 1, group.end - max_sliding}); end <= group.end; ++end) {
        CutScore score;
        score.add(table_, side.lines, end);
        score.add(table_, side.lines, end - size);
        if (best_at != -1 && !score.is_no_worse_than(best)) continue;
        best = score;
        best_at = end;
    }
    return best_at;
}

}  // namespace uhost::git
