#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "api/kb/pattern.hpp"
#include "api/kb/step_budget.hpp"
#include "api/re/matcher.hpp"

namespace uhost::kb {

/// Matches expressions with lines, within a budget. For one thread at a time.
///
/// Counting steps takes as long as matching. So in lines of usual length only a sample of an expression's matches is
/// counted, and stands for those around it; after one that was costly, each is for a while. The others are held in check
/// by PCRE2's own limit, and by the processor time of the budget.
class LineMatcher {
public:
    LineMatcher(const PatternSet& patterns, const ScanLimits& limits);

    StepBudget& budget() { return budget_; }

    /// The match of an expression (of all: PatternSet::any_expression), until the next is looked for; null when there
    /// is none, or when it takes more than it may: then `is_limited` is set.
    const re::Matcher* match(std::uint32_t number, std::string_view line, bool& is_limited);

private:
    struct Tried {
        std::unique_ptr<re::Matcher> plain, counting;  // machine code, for what is tried often
        std::uint64_t times = 0;
        std::uint64_t counted_until = 0;  // until so many times each match is counted
    };
    enum class Found { no, yes, too_costly };

    Found match_plainly(std::uint32_t number, Tried& tried, std::string_view line);
    Found match_counting(std::uint32_t number, Tried& tried, std::string_view line, re::StepMeter& meter);
    re::Matcher& use(std::unique_ptr<re::Matcher>& own, const Tried& tried, const Expression& expression, bool counts);

    const PatternSet& patterns_;
    std::vector<Tried> tried_;
    std::unique_ptr<re::Matcher> passing_;
    re::Matcher* last_ = nullptr;
    StepBudget budget_;
};

}  // namespace uhost::kb
