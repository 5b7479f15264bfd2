#include "api/kb/gram_search.hpp"
#include "api/kb/search_plan.hpp"

namespace uhost::kb {
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
    GramSearch search_;
    std::unique_ptr<CandidateFinder> rest_;
};

}  // namespace

std::unique_ptr<CandidateFinder> literal_finder(const PatternSet& patterns) {
    return std::make_unique<LiteralFinder>(patterns, plan_search(patterns));
}

}  // namespace uhost::kb
