#include "api/kb/candidate_finder.hpp"

#include <map>
#include <numeric>

#include "api/kb/trigram_search.hpp"
#include "api/re/line_search.hpp"
#include "host/core/error.hpp"

namespace uhost::kb {

SearchPlan plan_search(const PatternSet& patterns, std::span<const std::uint32_t> expressions) {
    SearchPlan plan;
    std::map<Literal, std::vector<std::uint32_t>> found;
    for (std::uint32_t place = 0; place < expressions.size(); ++place) {
        const auto& expression = *patterns.expressions()[expressions[place]];
        const auto literals = required_literals(expression.text(), expression.flags());
        if (!literals) {
            plan.without.push_back(place);
            continue;
        }
        for (const auto& literal : *literals) found[literal].push_back(place);
    }
    for (auto& [literal, places] : found) {
        plan.literals.push_back(literal);
        plan.expressions.push_back(std::move(places));
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

namespace {

class Pcre2Finder : public CandidateFinder {
public:
    Pcre2Finder(const PatternSet& patterns, std::vector<std::uint32_t> expressions)
        : patterns_(patterns), expressions_(std::move(expressions)), searches_(expressions_.size()) {}

    void find(std::string_view text, std::vector<Candidate>& found) override {
        for (std::size_t i = 0; i < expressions_.size(); ++i) find_one(i, text, found);
    }

private:
    void find_one(std::size_t i, std::string_view text, std::vector<Candidate>& found) {
        auto& search = searches_[i];
        if (!search)
            search = std::make_unique<re::LineSearch>(
                patterns_.expressions()[expressions_[i]]->regex(re::Regex::Use::often));
        std::size_t searched = 0;
        try {
            search->begin(text);
            while (search->next()) {
                found.push_back({search->line_offset(), expressions_[i]});
                searched = search->line_offset() + search->line().size() + 1;
            }
        } catch (const Error& error) {
            if (error.kind() != "re.limit") throw;
            add_all_lines(text, searched, expressions_[i], found);
        }
    }

    // Whether a line takes too much is seen when it is looked at by itself.
    static void add_all_lines(std::string_view text, std::size_t from, std::uint32_t expression,
                              std::vector<Candidate>& found) {
        while (from <= text.size()) {
            found.push_back({from, expression});
            const auto newline = text.find('\n', from);
            from = newline == text.npos ? text.size() + 1 : newline + 1;
        }
    }

    const PatternSet& patterns_;
    std::vector<std::uint32_t> expressions_;
    std::vector<std::unique_ptr<re::LineSearch>> searches_;
};

}  // namespace

std::unique_ptr<CandidateFinder> pcre2_finder(const PatternSet& patterns, std::vector<std::uint32_t> expressions) {
    return std::make_unique<Pcre2Finder>(patterns, std::move(expressions));
}

namespace {

class LiteralFinder : public CandidateFinder {
public:
    LiteralFinder(const PatternSet& patterns, SearchPlan plan)
        : expressions_(std::move(plan.expressions)),
          folding_(expressions_that_fold(patterns)),
          search_(std::move(plan.literals)),
          rest_(pcre2_finder(patterns, std::move(plan.without))) {}

    void find(std::string_view text, std::vector<Candidate>& found) override {
        search_.find(text, [&](std::uint32_t literal, std::size_t offset) {
            for (const auto expression : expressions_[literal]) found.push_back({offset, expression});
        });
        rest_->find(text, found);
        add_folded(text, folding_, found);
    }

private:
    std::vector<std::vector<std::uint32_t>> expressions_;  // for each literal
    std::vector<std::uint32_t> folding_;
    TrigramSearch search_;
    std::unique_ptr<CandidateFinder> rest_;
};

}  // namespace

std::unique_ptr<CandidateFinder> literal_finder(const PatternSet& patterns) {
    std::vector<std::uint32_t> all(patterns.expressions().size());
    std::iota(all.begin(), all.end(), 0U);
    return std::make_unique<LiteralFinder>(patterns, plan_search(patterns, all));
}

}  // namespace uhost::kb
