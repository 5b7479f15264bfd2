// The search of "histogram diff", as git has it from JGit: the longest run of equal lines around the rarest line splits
// both texts, and what is before and after it is searched in the same way.
#include <algorithm>

#include "api/git/history/line_diff.hpp"

namespace uhost::git {
namespace {

constexpr std::uint32_t max_occurrences = 64;  // lines that are there more often split nothing

/// Texts can be made so that each split takes off one line. git would go on for hours.
constexpr std::ptrdiff_t max_lines_searched = 1'000'000'000;

}  // namespace

void LineDiffer::mark_changes_by_histogram() {
    if (occurrences_.size() < table_.size()) occurrences_.resize(table_.size());
    next_same_.assign(old_.lines.size(), -1);
    Index searched = 0;
    std::vector<Region> open{{0, old_.size(), 0, new_.size()}};
    while (!open.empty()) {
        const Region region = open.back();
        open.pop_back();
        Region run{};
        const bool one_is_empty = region.old_begin == region.old_end || region.new_begin == region.new_end;
        searched += region.old_end - region.old_begin + region.new_end - region.new_begin;
        const auto common = one_is_empty                    ? Common::none
                            : searched > max_lines_searched ? Common::frequent
                                                            : rarest_run(region, run);
        if (common == Common::none) {
            std::fill(old_.changed + region.old_begin, old_.changed + region.old_end, 1);
            std::fill(new_.changed + region.new_begin, new_.changed + region.new_end, 1);
        } else if (common == Common::frequent) {
            compare_by_myers(region);
        } else {
            open.push_back({region.old_begin, run.old_begin, region.new_begin, run.new_begin});
            open.push_back({run.old_end, region.old_end, run.new_end, region.new_end});
        }
    }
}

LineDiffer::Common LineDiffer::rarest_run(const Region& region, Region& run) {
    for (Index i = region.old_end - 1; i >= region.old_begin; --i) {
        auto& places = occurrences_[old_.lines[i]];
        next_same_[i] = places.count == 0 ? -1 : places.first;
        places = {i, places.count + 1};
    }
    std::uint32_t rarity = max_occurrences + 1;
    bool has_common = false;
    for (Index at = region.new_begin; at < region.new_end;) at = extend_run(region, at, run, rarity, has_common);
    for (Index i = region.old_begin; i < region.old_end; ++i) occurrences_[old_.lines[i]] = {};
    if (has_common && rarity > max_occurrences) return Common::frequent;
    return run.old_begin == run.old_end ? Common::none : Common::found;
}

/// Puts the runs around line `new_at` in the place of `run` if they are better; returns the next line to look at.
LineDiffer::Index LineDiffer::extend_run(const Region& region, Index new_at, Region& run, std::uint32_t& rarity,
                                         bool& has_common) {
    const auto places = occurrences_[new_.lines[new_at]];
    Index next = new_at + 1;
    if (places.count == 0) return next;
    has_common = true;
    if (places.count > rarity) return next;
    for (Index at = places.first; at != -1;) {
        Index old_begin = at, old_last = at, new_begin = new_at, new_last = new_at;
        auto rarest = places.count;
        const auto count = [&](Index i) {
            return rarest > 1 ? std::min(rarest, occurrences_[old_.lines[i]].count) : rarest;
        };
        while (old_begin > region.old_begin && new_begin > region.new_begin &&
               old_.lines[old_begin - 1] == new_.lines[new_begin - 1]) {
            --old_begin, --new_begin;
            rarest = count(old_begin);
        }
        while (old_last + 1 < region.old_end && new_last + 1 < region.new_end &&
               old_.lines[old_last + 1] == new_.lines[new_last + 1]) {
            ++old_last, ++new_last;
            rarest = count(old_last);
        }
        next = std::max(next, new_last + 1);
        // git compares lengths less one, so that a first run of one line counts by its rarity only.
        const Index known = run.old_end > run.old_begin ? run.old_end - run.old_begin - 1 : 0;
        if (known < old_last - old_begin || rarest < rarity) {
            run = {old_begin, old_last + 1, new_begin, new_last + 1};
            rarity = rarest;
        }
        do {
            at = next_same_[at];
        } while (at != -1 && at <= old_last);
    }
    return next;
}

/// Where no line is rare enough, git takes the region for two texts of their own.
void LineDiffer::compare_by_myers(const Region& region) {
    LineDiffer differ(table_);
    differ.reset(differ.old_, old_.lines.subspan(region.old_begin, region.old_end - region.old_begin));
    differ.reset(differ.new_, new_.lines.subspan(region.new_begin, region.new_end - region.new_begin));
    differ.mark_changes_by_myers();
    std::copy_n(differ.old_.changed, differ.old_.size(), old_.changed + region.old_begin);
    std::copy_n(differ.new_.changed, differ.new_.size(), new_.changed + region.new_begin);
}

}  // namespace uhost::git
