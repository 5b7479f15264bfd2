#pragma once

#include <memory>
#include <span>
#include <vector>

#include "api/kb/line_memo.hpp"
#include "api/kb/pattern.hpp"
#include "api/kb/step_budget.hpp"
#include "api/re/matcher.hpp"

namespace uhost::kb {

/// Matches expressions with lines. For one thread at a time.
class LineMatcher {
public:
    LineMatcher(const PatternSet& patterns, const StepBudget& budget);

    /// From here on steps are counted for this block.
    void begin_block(std::uint64_t number);
    /// Expressions that took all of their steps in the block.
    const std::vector<std::uint32_t>& exhausted() const { return exhausted_; }
    /// Whether all together took theirs.
    bool is_exhausted() const { return spent_ > StepBudget::of_all; }

    /// Tries those of some expressions that are the first of their pattern.
    void match(std::string_view line, std::span<const std::uint32_t> expressions, LineResult& found);

    /// The match of an expression, by its number, until the next is looked for; null when there is none, or when it
    /// takes too much: then `is_limited` is set.
    re::Matcher* match_one(std::uint32_t number, std::string_view line, bool& is_limited);
    re::Matcher* match_refusing(std::uint32_t number, std::string_view line, bool& is_limited);

private:
    re::Matcher* matcher_of(std::unique_ptr<re::Matcher>& own, const Expression& expression);
    re::Matcher* match(std::unique_ptr<re::Matcher>& own, const Expression& expression, std::uint64_t& spent,
                       std::string_view line, bool& is_limited);

    const PatternSet& patterns_;
    std::vector<std::unique_ptr<re::Matcher>> matchers_, refusing_;  // of expressions that are machine code
    std::unique_ptr<re::Matcher> interpreting_;                      // for all others
    const StepBudget& budget_;
    std::uint64_t block_ = 0, spent_ = 0;                      // steps in the block, beside the first of each match
    std::vector<std::uint64_t> spent_of_, refusing_spent_of_;  // the same of each expression
    std::vector<std::uint32_t> exhausted_;
};

}  // namespace uhost::kb
