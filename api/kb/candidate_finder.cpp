#include "api/kb/candidate_finder.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

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

void sort_unique(std::vector<std::uint32_t>& numbers) {
    std::ranges::sort(numbers);
    const auto repeated = std::ranges::unique(numbers);
    numbers.erase(repeated.begin(), repeated.end());
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
        : patterns_(patterns),
          expressions_(std::move(expressions)),
          searches_(expressions_.size()),
          budget_(expressions_.size(), {}) {}

    void begin(const ScanLimits& limits) override {
        budget_ = StepBudget(expressions_.size(), limits);
        texts_ = 0;
    }

    void find(std::string_view text, std::vector<Candidate>& found) override {
        budget_.begin(text.size());
        for (std::uint32_t i = 0; i < expressions_.size(); ++i) find_one(i, text, found);
        budget_.end();
        ++texts_;
    }

private:
    struct Search {
        std::unique_ptr<re::LineSearch> plain, counting;
        bool is_costly = false;
    };

    // Counting steps takes as long as searching, so that it is done in one text of so many, and in those where a search
    // without it came to its limit.
    static constexpr std::uint64_t sampled = 8, usual_steps_per_byte = 16;

    void find_one(std::uint32_t i, std::string_view text, std::vector<Candidate>& found) {
        auto meter = budget_.meter(i, StepBudget::of_match + text.size() * usual_steps_per_byte);
        if (!meter) return add_all_lines(text, 0, expressions_[i], found);
        auto& search = searches_[i];
        const bool is_due = search.is_costly || texts_ % sampled == 0;
        const auto before = found.size();
        if (!is_due && !find_lines(i, text, nullptr, found)) return;
        found.resize(before);
        const auto left = find_lines(i, text, &*meter, found);
        if (left) add_all_lines(text, *left, expressions_[i], found);
        search.is_costly = left || meter->steps() > usual_steps_per_byte * text.size();
        budget_.spend(i, meter->steps());
    }

    // From where on the text was not searched, when it takes more than it may.
    std::optional<std::size_t> find_lines(std::uint32_t i, std::string_view text, re::StepMeter* meter,
                                          std::vector<Candidate>& found) {
        std::size_t searched = 0;
        try {
            auto& lines = use(i, meter != nullptr);
            lines.begin(text);
            while (lines.next(meter)) {
                found.push_back({lines.line_offset(), expressions_[i]});
                searched = lines.line_offset() + lines.line().size() + 1;
            }
        } catch (const Error& error) {
            if (error.kind() != "re.limit") throw;
            return searched;
        }
        return std::nullopt;
    }

    re::LineSearch& use(std::uint32_t i, bool counts) {
        const auto& expression = *patterns_.expressions()[expressions_[i]];
        constexpr auto often = re::Regex::Use::often;
        auto& lines = counts ? searches_[i].counting : searches_[i].plain;
        if (lines) return *lines;
        lines = std::make_unique<re::LineSearch>(counts ? expression.counting_regex(often) : expression.regex(often));
        if (!counts) lines->set_max_steps(StepBudget::usual_steps);
        return *lines;
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
    std::vector<Search> searches_;
    StepBudget budget_;
    std::uint64_t texts_ = 0;
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

    void begin(const ScanLimits& limits) override { rest_->begin(limits); }

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
