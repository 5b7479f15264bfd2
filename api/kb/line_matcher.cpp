#include "api/kb/line_matcher.hpp"

#include "host/core/error.hpp"

namespace uhost::kb {
namespace {

// So often an expression is tried before it is turned into machine code.
constexpr unsigned max_interpreted = 16;

// In lines of up to so many bytes one match of so many is counted, as long as it takes no more steps for a byte.
constexpr std::uint64_t usual_line = 1024, sampled = 32, usual_steps_per_byte = 64;
// So many are after one that took more.
constexpr std::uint64_t suspected = 64;

}  // namespace

LineMatcher::LineMatcher(const PatternSet& patterns, const ScanLimits& limits)
    : patterns_(patterns),
      tried_(patterns.expressions().size() + patterns.refusing_count()),
      budget_(tried_.size(), limits) {}

const re::Matcher* LineMatcher::match(std::uint32_t number, std::string_view line, bool& is_limited) {
    auto meter = budget_.meter(number);
    is_limited = !meter;
    if (!meter) return nullptr;
    auto& tried = tried_[number];
    const bool is_suspect = ++tried.times <= tried.counted_until || line.size() > usual_line;
    const bool is_sample = !is_suspect && tried.times % sampled == 0;
    if (!is_suspect && !is_sample) {
        const auto found = match_plainly(number, tried, line);
        if (found != Found::too_costly) return found == Found::yes ? last_ : nullptr;
    }
    const auto found = match_counting(number, tried, line, *meter);
    const bool is_costly = meter->steps() > usual_steps_per_byte * (line.size() + 1);
    if (is_costly) tried.counted_until = tried.times + suspected;
    budget_.spend(number, meter->steps() * (is_sample ? sampled : 1));
    is_limited = found == Found::too_costly;
    return found == Found::yes ? last_ : nullptr;
}

re::Matcher& LineMatcher::use(std::unique_ptr<re::Matcher>& own, const Tried& tried, const Expression& expression,
                              bool counts) {
    const auto compiled = [&](re::Regex::Use use) {
        return std::make_unique<re::Matcher>(counts ? expression.counting_regex(use) : expression.regex(use));
    };
    // Another scan may have needed the machine code already.
    const bool is_often = tried.times > max_interpreted || expression.has_machine_code(counts);
    if (!own && is_often) own = compiled(re::Regex::Use::often);
    // Matching without machine code leaves much memory with the matcher, so that it is not kept.
    if (!own) passing_ = compiled(re::Regex::Use::rarely);
    last_ = own ? own.get() : passing_.get();
    return *last_;
}

LineMatcher::Found LineMatcher::match_plainly(std::uint32_t number, Tried& tried, std::string_view line) {
    try {
        auto& matcher = use(tried.plain, tried, patterns_.any_expression(number), false);
        matcher.set_max_steps(StepBudget::usual_steps);
        return matcher.find(line) ? Found::yes : Found::no;
    } catch (const Error& error) {
        if (error.kind() != "re.limit") throw;
        return Found::too_costly;
    }
}

LineMatcher::Found LineMatcher::match_counting(std::uint32_t number, Tried& tried, std::string_view line,
                                               re::StepMeter& meter) {
    try {
        auto& matcher = use(tried.counting, tried, patterns_.any_expression(number), true);
        return matcher.find(line, meter) ? Found::yes : Found::no;
    } catch (const Error& error) {
        if (error.kind() != "re.limit") throw;
        return Found::too_costly;
    }
}

}  // namespace uhost::kb
