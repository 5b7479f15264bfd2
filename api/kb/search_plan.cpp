#include "api/kb/search_plan.hpp"

#include <map>

#include "api/kb/required_literals.hpp"

namespace uhost::kb {

SearchPlan plan_search(const PatternSet& patterns) {
    SearchPlan plan;
    std::map<Literal, std::vector<std::uint32_t>> found;
    for (std::uint32_t number = 0; number < patterns.expressions().size(); ++number) {
        const auto& expression = *patterns.expressions()[number];
        const auto literals = required_literals(expression.text(), expression.flags());
        if (!literals) {
            plan.without.push_back(number);
            continue;
        }
        for (const auto& literal : *literals) found[literal].push_back(number);
    }
    for (auto& [literal, expressions] : found) {
        plan.literals.push_back(literal);
        plan.expressions.push_back(std::move(expressions));
    }
    return plan;
}

std::vector<std::uint32_t> expressions_that_fold(const PatternSet& patterns) {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t number = 0; number < patterns.expressions().size(); ++number) {
        const auto& expression = *patterns.expressions()[number];
        if (expression.flags().bytes) continue;
        if (expression.flags().caseless || expression.text().find("(?") != std::string::npos) numbers.push_back(number);
    }
    return numbers;
}

void add_folded(std::string_view text, const std::vector<std::uint32_t>& expressions, std::vector<Candidate>& found) {
    if (expressions.empty()) return;
    for (const std::string_view letter : {"\xE2\x84\xAA", "\xC5\xBF"}) {
        for (auto at = text.find(letter); at != text.npos; at = text.find(letter, at + 1)) {
            for (const auto expression : expressions) found.push_back({at, expression});
        }
    }
}

}  // namespace uhost::kb
