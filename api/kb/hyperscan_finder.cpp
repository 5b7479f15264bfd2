#ifdef UHOST_HYPERSCAN

#include <fmt/format.h>
#include <hs.h>

#include <new>

#include "api/kb/hyperscan.hpp"
#include "api/kb/hyperscan_database.hpp"
#include "api/kb/line_once.hpp"
#include "api/kb/search_plan.hpp"
#include "host/core/error.hpp"

namespace uhost::kb {
namespace {

struct FreeScratch {
    void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};

/// Searches with one database. The library reports every end of every match; one is passed on for each line and id.
class BlockSearch {
public:
    BlockSearch(const hs_database_t* database, std::size_t ids) : database_(database), once_(ids) {
        hs_scratch_t* scratch = nullptr;
        if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) throw std::bad_alloc();
        scratch_.reset(scratch);
    }

    template <class Report>
    void find(std::string_view text, Report report) {
        once_.begin(text);
        struct Context {
            LineOnce* once;
            Report* report;
        } context{&once_, &report};
        const auto on_match = [](unsigned id, unsigned long long, unsigned long long to, unsigned, void* raw) {
            const auto* given = static_cast<Context*>(raw);
            const auto end = static_cast<std::size_t>(to);
            if (given->once->is_first(id, end)) (*given->report)(id, end);
            return 0;
        };
        const auto code =
            hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_.get(), on_match, &context);
        if (code != HS_SUCCESS) throw Error("kb.engine", fmt::format("Hyperscan failed with code {}", code));
    }

private:
    const hs_database_t* database_;
    std::unique_ptr<hs_scratch_t, FreeScratch> scratch_;
    LineOnce once_;
};

class HyperscanFinder : public CandidateFinder {
public:
    HyperscanFinder(const PatternSet& patterns, std::shared_ptr<const HyperscanSearch> search)
        : search_(std::move(search)), folding_(expressions_that_fold(patterns)) {
        if (search_->literals) literals_.emplace(search_->literals->handle(), search_->expressions.size());
        if (search_->shapes) shapes_.emplace(search_->shapes->handle(), patterns.expressions().size());
        if (!search_->left_out.empty()) rest_ = pcre2_finder(patterns, search_->left_out);
    }

    void find(std::string_view text, std::vector<Candidate>& found) override {
        if (literals_) {
            literals_->find(text, [&](unsigned id, std::size_t end) {
                for (const auto expression : search_->expressions[id]) found.push_back({end, expression});
            });
        }
        if (shapes_) shapes_->find(text, [&](unsigned id, std::size_t end) { found.push_back({end, id}); });
        if (rest_) rest_->find(text, found);
        add_folded(text, folding_, found);
    }

private:
    std::shared_ptr<const HyperscanSearch> search_;
    std::vector<std::uint32_t> folding_;
    std::optional<BlockSearch> literals_, shapes_;
    std::unique_ptr<CandidateFinder> rest_;
};

}  // namespace

std::unique_ptr<CandidateFinder> hyperscan_finder(const PatternSet& patterns,
                                                  std::shared_ptr<const HyperscanSearch> search) {
    return std::make_unique<HyperscanFinder>(patterns, std::move(search));
}

}  // namespace uhost::kb

#endif
