#include "api/kb/line_matcher.hpp"

#include <algorithm>

#include "host/core/error.hpp"

namespace uhost::kb {
namespace {

// So often an expression is tried before it is turned into machine code.
constexpr unsigned max_interpreted = 100;

}  // namespace

LineMatcher::LineMatcher(const PatternSet& patterns, const StepBudget& budget)
    : patterns_(patterns),
      matchers_(patterns.expressions().size()),
      refusing_(patterns.refusing_count()),
      budget_(budget),
      spent_of_(patterns.expressions().size()),
      refusing_spent_of_(patterns.refusing_count()) {}

void LineMatcher::begin_block(std::uint64_t number) {
    block_ = number;
    if (spent_ > 0) {
        std::ranges::fill(spent_of_, 0);
        std::ranges::fill(refusing_spent_of_, 0);
    }
    spent_ = 0;
    exhausted_.clear();
}

re::Matcher* LineMatcher::matcher_of(std::unique_ptr<re::Matcher>& own, const Expression& expression) {
    if (!own && expression.count_try() >= max_interpreted) {
        own = std::make_unique<re::Matcher>(expression.regex(re::Regex::Use::often));
    }
    if (own) return own.get();
    const auto& regex = expression.regex(re::Regex::Use::rarely);
    if (interpreting_) {
        interpreting_->use(regex);
    } else {
        interpreting_ = std::make_unique<re::Matcher>(regex);
    }
    return interpreting_.get();
}

re::Matcher* LineMatcher::match(std::unique_ptr<re::Matcher>& own, const Expression& expression, std::uint64_t& spent,
                                std::string_view line, bool& is_limited) {
    std::uint64_t steps = StepBudget::first_steps;
    for (;; steps *= StepBudget::factor) {
        auto* matcher = matcher_of(own, expression);
        matcher->set_max_steps(static_cast<std::uint32_t>(steps));
        try {
            return matcher->find(line) ? matcher : nullptr;
        } catch (const Error& error) {
            if (error.kind() != "re.limit") throw;
        }
        if (!own) interpreting_.reset();  // it keeps the memory that the match took
        const auto more = steps * StepBudget::factor;
        const bool may_go_on = more <= StepBudget::max_steps && spent + more <= StepBudget::of_expression &&
                               spent_ + more <= StepBudget::of_all && !budget_.has_first_steps_only(block_);
        if (!may_go_on) break;
        spent += more;
        spent_ += more;
    }
    is_limited = true;
    return nullptr;
}

re::Matcher* LineMatcher::match_one(std::uint32_t number, std::string_view line, bool& is_limited) {
    is_limited = budget_.is_left_out(number, block_);
    if (is_limited) return nullptr;
    auto& spent = spent_of_[number];
    auto* found = match(matchers_[number], *patterns_.expressions()[number], spent, line, is_limited);
    // With what is left, no costly match can be decided any more.
    if (is_limited && spent + StepBudget::max_steps > StepBudget::of_expression) exhausted_.push_back(number);
    return found;
}

re::Matcher* LineMatcher::match_refusing(std::uint32_t number, std::string_view line, bool& is_limited) {
    return match(refusing_[number], patterns_.refusing(number), refusing_spent_of_[number], line, is_limited);
}

void LineMatcher::match(std::string_view line, std::span<const std::uint32_t> expressions, LineResult& found) {
    for (const auto expression : expressions) {
        const auto first_span = static_cast<std::uint32_t>(found.spans.size());
        if (patterns_.element(expression).position == 0) {
            bool is_limited = false;
            const auto* matcher = match_one(expression, line, is_limited);
            if (is_limited) found.limited.push_back(expression);
            if (matcher == nullptr) continue;
            for (unsigned group = 0; group <= matcher->regex().groups(); ++group) {
                found.spans.push_back(matcher->group(group));
            }
        }
        found.matches.push_back({expression, first_span});
    }
}

}  // namespace uhost::kb
