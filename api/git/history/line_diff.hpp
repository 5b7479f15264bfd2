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

/// How lines that are equal are found. `myers` is git's default for diffs and blame, with `--indent-heuristic`;
/// `histogram` is what its merges use (merge-ort), without.
enum class DiffAlgorithm : std::uint8_t { myers, histogram };

/// Compares two texts line by line, with git's own answer: blame, counts of lines and merges are to agree with git's.
///
/// Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), in linear space, with the shortcuts of LibXDiff
/// that git takes: lines without a counterpart are set aside first, a search that becomes expensive settles for a good
/// path, and groups of changed lines slide to where a person would cut. The constants are part of the answer. For one
/// thread.
class LineDiffer {
public:
    explicit LineDiffer(const LineTable& table, DiffAlgorithm algorithm = DiffAlgorithm::myers)
        : table_(table), algorithm_(algorithm) {}

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

    /// Lines of both texts by number; the ends are not part of it.
    struct Region {
        Index old_begin, old_end, new_begin, new_end;
    };
    /// Where one line is in the region of the old text: the first place, and how many there are.
    struct Occurrence {
        Index first = -1;
        std::uint32_t count = 0;
    };
    enum class Common : std::uint8_t { none, frequent, found };

    void reset(Side& side, std::span<const Line> lines);
    void mark_changes_by_myers();
    void mark_changes_by_histogram();
    Common rarest_run(const Region& region, Region& run);
    Index extend_run(const Region& region, Index new_at, Region& run, std::uint32_t& rarity, bool& has_common);
    void compare_by_myers(const Region& region);
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
    DiffAlgorithm algorithm_;
    Side old_, new_;
    Front forward_, backward_;
    Index max_cost_ = 0;
    std::vector<LineChange> changes_;
    std::vector<Occurrence> occurrences_;  // of each line of the table, in the region at hand
    std::vector<Index> next_same_;         // for each line of the old text, the next one in the region that equals it
};

/// How many lines at the end git's blame leaves out of a comparison: those of the equal blocks of 1,024 bytes there.
std::size_t equal_tail_lines(std::string_view old_text, std::string_view new_text);

}  // namespace uhost::git
