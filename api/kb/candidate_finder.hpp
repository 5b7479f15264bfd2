#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "api/kb/lazy_dfa.hpp"
#include "api/kb/search_plan.hpp"

namespace uhost::kb {

/// Finds which expressions may match which lines: all that do, and others now and then. The plan must outlive it. For
/// one thread at a time.
class CandidateFinder {
public:
    CandidateFinder(const SearchPlan& plan, std::size_t expressions);

    /// Calls `report(line, expressions)` for each line, by its place in the list, with the expressions in order.
    template <class Report>
    void find(std::span<const std::string_view> lines, Report report) {
        find_texts(lines);
        auto hit = text_hits_.begin();
        for (std::size_t place = 0; place < lines.size(); ++place) {
            auto end = hit;
            while (end != text_hits_.end() && end->line == place) ++end;
            report(place, find_in(lines[place], {hit, end}));
            hit = end;
        }
    }

private:
    struct TextHit {
        std::size_t line;
        std::uint32_t probe;
    };

    void find_texts(std::span<const std::string_view> lines);
    std::span<const std::uint32_t> find_in(std::string_view line, std::span<const TextHit> hits);
    void add(std::uint32_t expression);

    const SearchPlan& plan_;
    LazyDfa starts_, shapes_, texts_;
    std::vector<TextHit> text_hits_;
    std::uint32_t line_ = 0;              // counts the lines that were looked at
    std::vector<std::uint32_t> started_;  // of each probe: the last line that begins as it has to
    std::vector<std::uint32_t> added_;    // of each expression: the last line that it was added for
    std::vector<std::uint32_t> of_line_;
};

}  // namespace uhost::kb
