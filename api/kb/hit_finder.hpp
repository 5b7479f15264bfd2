#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "api/kb/hit_keeper.hpp"
#include "api/kb/line_matcher.hpp"
#include "api/log_text/block.hpp"

namespace uhost::kb {

/// Puts matches together: sequences over several lines, and hits that something nearby refuses. For one thread at a
/// time.
class HitFinder {
public:
    /// `continuing` are expressions that are tried on every line behind one that begins their sequence.
    HitFinder(const PatternSet& patterns, std::span<const std::uint32_t> continuing, const StepBudget& budget);

    /// Takes what was found in each of the new lines of a block; blocks come in order, and are numbered from 0.
    void take(const log_text::Block& block, std::uint64_t block_number, std::span<const LineResult* const> found,
              bool is_last_block);
    void finish(ScanResult& result);

private:
    void take_line(std::uint64_t number, const log_text::Block& block, const LineResult& result);
    void take_first(std::uint64_t line_number, std::string_view line, const LineResult& found, const LineMatch& match);
    void begin(std::uint32_t pattern, Hit hit);
    void advance(std::uint32_t expression, std::uint64_t number, std::string_view line);
    void complete(Hit hit);
    void decide(const log_text::Block& block, bool is_last_block);
    bool is_refused(const log_text::Block& block, const Hit& hit);

    const PatternSet& patterns_;
    std::span<const std::uint32_t> continuing_;
    LineMatcher matcher_;
    std::vector<std::vector<std::optional<Hit>>> partial_;  // of each pattern that is a sequence, by elements found
    std::deque<Hit> waiting_;                               // for lines that may refuse them
    HitKeeper keeper_;
    std::vector<std::size_t> following_;  // of each expression: matches in the block that come after this one
    std::vector<std::uint64_t> limited_;
    std::uint64_t lines_matched_ = 0, last_matched_ = 0;
};

}  // namespace uhost::kb
