#include "api/git/merge/line_merge.hpp"

#include <algorithm>

#include "api/git/history/changes.hpp"

namespace uhost::git {
namespace {

constexpr std::ptrdiff_t max_lines_between = 3;  // conflicts with no more lines between them are shown as one

/// One text with its lines as numbers and as bytes.
struct MergeText {
    std::vector<std::string_view> lines;
    std::vector<Line> numbers;
};

/// A stretch that one side or both changed. `count` lines from `first` on, in each of the three texts, from 0; `first`
/// is below 0 at times in one that is about to become part of the stretch before it.
struct Stretch {
    enum class From : std::uint8_t { conflict, ours, theirs, both, either };
    struct Part {
        std::ptrdiff_t first, count;
        std::ptrdiff_t end() const noexcept { return first + count; }
    };
    From from;
    Part base, ours, theirs;
};

Stretch::Part old_part(const LineChange& change) {
    return {static_cast<std::ptrdiff_t>(change.old_start), static_cast<std::ptrdiff_t>(change.old_count)};
}

Stretch::Part new_part(const LineChange& change) {
    return {static_cast<std::ptrdiff_t>(change.new_start), static_cast<std::ptrdiff_t>(change.new_count)};
}

class LineMerger {
public:
    LineMerger(std::string_view base, std::string_view ours, std::string_view theirs, const LineMergeOptions& options)
        : options_(options),
          differ_(table_, DiffAlgorithm::histogram),
          base_(text_of(base)),
          ours_(text_of(ours)),
          theirs_(text_of(theirs)) {}

    LineMerge merge() {
        const auto ours = differ_.compare(base_.numbers, ours_.numbers);
        const auto theirs = differ_.compare(base_.numbers, theirs_.numbers);
        if (ours.empty()) return {joined(theirs_), {}};
        if (theirs.empty()) return {joined(ours_), {}};
        combine(ours, theirs);
        if (options_.style == ConflictStyle::zdiff3) {
            trim_conflicts();
        } else if (options_.style == ConflictStyle::merge) {
            refine_conflicts();
            join_near_conflicts();
        }
        write();
        return std::move(result_);
    }

private:
    using From = Stretch::From;

    static std::string_view line_at(const MergeText& text, std::ptrdiff_t at) {
        return text.lines[static_cast<std::size_t>(at)];
    }

    MergeText text_of(std::string_view text) { return {lines_in(text), table_.lines_of(text)}; }

    static std::string joined(const MergeText& text) {
        std::string all;
        for (const auto line : text.lines) all += line;
        return all;
    }

    void add(Stretch stretch) {
        if (!stretches_.empty()) {
            auto& last = stretches_.back();
            if (stretch.ours.first <= last.ours.end() || stretch.theirs.first <= last.theirs.end()) {
                if (stretch.from != last.from) last.from = From::conflict;
                const auto extend = [](Stretch::Part& part, const Stretch::Part& by) {
                    part.count = by.end() - part.first;
                };
                extend(last.base, stretch.base);
                extend(last.ours, stretch.ours);
                extend(last.theirs, stretch.theirs);
                return;
            }
        }
        stretches_.push_back(stretch);
    }

    bool is_same_change(const LineChange& ours, const LineChange& theirs) const {
        return ours.old_start == theirs.old_start && ours.old_count == theirs.old_count &&
               ours.new_count == theirs.new_count &&
               std::equal(ours_.numbers.begin() + ours.new_start,
                          ours_.numbers.begin() + ours.new_start + ours.new_count,
                          theirs_.numbers.begin() + theirs.new_start);
    }

    /// A conflict over the lines of the base that either change takes away.
    static Stretch overlap(const LineChange& ours, const LineChange& theirs) {
        const auto begin = std::min(old_part(ours).first, old_part(theirs).first);
        const auto end = std::max(old_part(ours).end(), old_part(theirs).end());
        const auto part = [&](const LineChange& change) {
            const auto before = old_part(change).first - begin, after = end - old_part(change).end();
            return Stretch::Part{new_part(change).first - before, before + new_part(change).count + after};
        };
        return {From::conflict, {begin, end - begin}, part(ours), part(theirs)};
    }

    /// Where a side that has made its changes before `next`, and none after it yet, has lines of the base.
    static Stretch::Part unchanged(const std::vector<LineChange>& changes, std::size_t next, Stretch::Part lines) {
        if (next > 0) lines.first += new_part(changes[next - 1]).end() - old_part(changes[next - 1]).end();
        return lines;
    }

    void combine(const std::vector<LineChange>& ours, const std::vector<LineChange>& theirs) {
        std::size_t i = 0, j = 0;
        const auto is_before = [](const std::vector<LineChange>& these, std::size_t at,
                                  const std::vector<LineChange>& those, std::size_t other) {
            if (at == these.size() || other == those.size()) return at < these.size();
            return these[at].old_start + these[at].old_count < those[other].old_start;
        };
        while (i < ours.size() || j < theirs.size()) {
            if (is_before(ours, i, theirs, j)) {
                const auto lines = old_part(ours[i]);
                add({From::ours, lines, new_part(ours[i]), unchanged(theirs, j, lines)});
                ++i;
            } else if (is_before(theirs, j, ours, i)) {
                const auto lines = old_part(theirs[j]);
                add({From::theirs, lines, unchanged(ours, i, lines), new_part(theirs[j])});
                ++j;
            } else {
                if (!is_same_change(ours[i], theirs[j])) add(overlap(ours[i], theirs[j]));
                const auto ours_end = old_part(ours[i]).end(), theirs_end = old_part(theirs[j]).end();
                if (ours_end >= theirs_end) ++j;
                if (theirs_end >= ours_end) ++i;
            }
        }
    }

    void trim_conflicts() {
        for (auto& stretch : stretches_) {
            auto& ours = stretch.ours;
            auto& theirs = stretch.theirs;
            if (stretch.from != From::conflict) continue;
            while (ours.count > 0 && theirs.count > 0 && ours_.numbers[ours.first] == theirs_.numbers[theirs.first]) {
                ++ours.first, ++theirs.first;
                --ours.count, --theirs.count;
            }
            while (ours.count > 0 && theirs.count > 0 &&
                   ours_.numbers[ours.end() - 1] == theirs_.numbers[theirs.end() - 1]) {
                --ours.count, --theirs.count;
            }
        }
    }

    /// Leaves of each conflict what differs between both sides.
    void refine_conflicts() {
        std::vector<Stretch> refined;
        for (const auto& stretch : stretches_) {
            if (stretch.from != From::conflict || stretch.ours.count == 0 || stretch.theirs.count == 0) {
                refined.push_back(stretch);
                continue;
            }
            const auto lines = [](const MergeText& text, const Stretch::Part& part) {
                return std::span<const Line>(text.numbers)
                    .subspan(static_cast<std::size_t>(part.first), static_cast<std::size_t>(part.count));
            };
            const auto& changes = differ_.compare(lines(ours_, stretch.ours), lines(theirs_, stretch.theirs));
            if (changes.empty()) refined.push_back({From::either, stretch.base, stretch.ours, stretch.theirs});
            for (const auto& change : changes) {
                auto ours = old_part(change), theirs = new_part(change);
                ours.first += stretch.ours.first;
                theirs.first += stretch.theirs.first;
                refined.push_back({From::conflict, stretch.base, ours, theirs});
            }
        }
        stretches_ = std::move(refined);
    }

    void join_near_conflicts() {
        std::vector<Stretch> joined_ones;
        for (const auto& stretch : stretches_) {
            auto* last = joined_ones.empty() ? nullptr : &joined_ones.back();
            const bool joins = last != nullptr && last->from == From::conflict && stretch.from == From::conflict &&
                               stretch.ours.first - last->ours.end() <= max_lines_between;
            if (!joins) {
                joined_ones.push_back(stretch);
                continue;
            }
            last->ours.count = stretch.ours.end() - last->ours.first;
            last->theirs.count = stretch.theirs.end() - last->theirs.first;
            last->base.count = std::max(last->base.end(), stretch.base.end()) - last->base.first;
        }
        stretches_ = std::move(joined_ones);
    }

    void write() {
        std::ptrdiff_t done = 0;
        for (auto stretch : stretches_) {
            if (stretch.from == From::either) continue;
            if (stretch.from == From::conflict && options_.union_of_both) stretch.from = From::both;
            copy(ours_, {done, stretch.ours.first - done});
            done = stretch.ours.end();
            const bool with_return = needs_return(stretch);
            switch (stretch.from) {
                case From::conflict:
                    write_conflict(stretch, with_return);
                    break;
                case From::ours:
                    copy(ours_, stretch.ours);
                    break;
                case From::theirs:
                    copy(theirs_, stretch.theirs);
                    break;
                case From::both:
                    copy_whole_lines(ours_, stretch.ours, with_return);
                    copy(theirs_, stretch.theirs);
                    break;
                case From::either:
                    break;
            }
        }
        copy(ours_, {done, static_cast<std::ptrdiff_t>(ours_.lines.size()) - done});
    }

    void write_conflict(const Stretch& stretch, bool with_return) {
        const auto range = [](const Stretch::Part& part) {
            return LineRange{static_cast<std::size_t>(part.first) + 1, static_cast<std::size_t>(part.count)};
        };
        result_.conflicts.push_back(
            {range(stretch.base), range(stretch.ours), range(stretch.theirs), lines_written_ + 1});
        if (options_.favor_theirs) {
            copy(theirs_, stretch.theirs);
            return;
        }
        marker('<', options_.labels.ours, with_return);
        copy_whole_lines(ours_, stretch.ours, with_return);
        if (options_.style != ConflictStyle::merge) {
            marker('|', options_.labels.base, with_return);
            copy_whole_lines(base_, stretch.base, with_return);
        }
        marker('=', "", with_return);
        copy_whole_lines(theirs_, stretch.theirs, with_return);
        marker('>', options_.labels.theirs, with_return);
    }

    void marker(char sign, const std::string& label, bool with_return) {
        result_.text.append(options_.marker_size, sign);
        if (!label.empty()) result_.text += ' ' + label;
        result_.text += with_return ? "\r\n" : "\n";
        ++lines_written_;
    }

    void copy(const MergeText& text, const Stretch::Part& part) {
        for (auto i = part.first; i < part.end(); ++i) result_.text += line_at(text, i);
        lines_written_ += static_cast<std::size_t>(part.count);
    }

    void copy_whole_lines(const MergeText& text, const Stretch::Part& part, bool with_return) {
        copy(text, part);
        if (part.count > 0 && !line_at(text, part.end() - 1).ends_with('\n')) {
            result_.text += with_return ? "\r\n" : "\n";
        }
    }

    /// Whether a line ends in CR and LF; of a last line that does not end, the one before it. Nothing if there is none.
    static std::optional<bool> ends_with_return(const MergeText& text, std::ptrdiff_t at) {
        if (text.lines.empty()) return std::nullopt;
        auto line = line_at(text, at);
        if (!line.ends_with('\n')) {
            if (at == 0) return std::nullopt;
            line = line_at(text, at - 1);
        }
        return line.ends_with("\r\n");
    }

    bool needs_return(const Stretch& stretch) const {
        const auto before = [](std::ptrdiff_t first) { return first == 0 ? 0 : first - 1; };
        auto needed = ends_with_return(ours_, before(stretch.ours.first));
        if (needed.value_or(true)) needed = ends_with_return(theirs_, before(stretch.theirs.first));
        if (needed.value_or(true)) needed = ends_with_return(base_, 0);
        return needed.value_or(false);
    }

    const LineMergeOptions& options_;
    LineTable table_;
    LineDiffer differ_;
    MergeText base_, ours_, theirs_;
    std::vector<Stretch> stretches_;
    LineMerge result_;
    std::size_t lines_written_ = 0;
};

}  // namespace

LineMerge merge_lines(std::string_view base, std::string_view ours, std::string_view theirs,
                      const LineMergeOptions& options) {
    return LineMerger(base, ours, theirs, options).merge();
}

}  // namespace uhost::git
