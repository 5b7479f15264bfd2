#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "api/git/history/line_table.hpp"

namespace uhost::git {

/// Lines [old_start, old_start + old_count) became [new_start, new_start + new_count), counted from 0.
struct LineChange {
    std::size_t old_start, old_count, new_start, new_count;
};

/// Compares two texts line by line, with git's own answer (its default, `--diff-algorithm=myers` with
/// `--indent-heuristic`): blame and counts of lines are to agree with git's.
///
/// Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), in linear space, with the shortcuts of LibXDiff
/// that git takes: lines without a counterpart are set aside first, a search that becomes expensive settles for a good
/// path, and groups of changed lines slide to where a person would cut. The constants are part of the answer. For one
/// thread.
class LineDiffer {
public:
    explicit LineDiffer(const LineTable& table) : table_(table) {}

    /// Valid until the next call.
    const std::vector<LineChange>& compare(std::span<const Line> old_lines, std::span<const Line> new_lines);

private:
    using Index = std::ptrdiff_t;

    /// One text. `changed` has a place before the first line and one behind the last that stay 0.
    struct Side {
        std::span<const Line> lines;
        std::vector<char> changed_storage;
        char* changed = nullptr;
        std::vector<Line> kept;             // the lines that the search looks at
        std::vector<Index> kept_at;         // where they are
        std::vector<std::uint32_t> counts;  // of each line of the table

        Index size() const noexcept { return static_cast<Index>(lines.size()); }
    };
    struct Box {
        Index old_begin, old_end, new_begin, new_end;
    };
    struct Split {
        Index old_at = 0, new_at = 0;
        bool minimal_before = true, minimal_after = true;
    };
    /// The furthest points of one direction, by diagonal.
    struct Front {
        std::vector<Index> storage;
        Index* at = nullptr;
        Index first = 0, last = 0, middle = 0;
    };
    struct Group {
        Index begin = 0, end = 0;  // `end` is the first unchanged line behind it
    };

    void reset(Side& side, std::span<const Line> lines);
    void count(Side& side, std::uint32_t step);
    void keep_matched(Side& side, const Side& other, Index first, Index last);
    void search(Box box, bool minimal);
    Split split(const Box& box, bool minimal);
    bool extend_forward(const Box& box, bool odd, bool& snake, Split& found);
    bool extend_backward(const Box& box, bool odd, bool& snake, Split& found);
    bool find_promising(const Box& box, Index cost, Split& found) const;
    Split furthest(const Box& box) const;
    void compact(Side& side, const Side& other) const;
    Index best_end(const Side& side, const Group& group, Index earliest_end, Index size) const;

    const LineTable& table_;
    Side old_, new_;
    Front forward_, backward_;
    Index max_cost_ = 0;
    std::vector<LineChange> changes_;
};

/// How many lines at the end git's blame leaves out of a comparison: those of the equal blocks of 1,024 bytes there.
std::size_t equal_tail_lines(std::string_view old_text, std::string_view new_text);

}  // namespace uhost::git
