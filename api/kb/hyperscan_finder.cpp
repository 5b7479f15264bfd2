#ifdef UHOST_HYPERSCAN

#include <fmt/format.h>
#include <hs.h>

#include <cstring>
#include <new>

#include "api/kb/hyperscan.hpp"
#include "api/kb/hyperscan_database.hpp"
#include "api/kb/search_plan.hpp"
#include "host/core/error.hpp"

namespace uhost::kb {
namespace {

struct FreeScratch {
    void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};

/// Searches with one database. The library reports every end of every match; `found` gets one for each line and id.
class BlockSearch {
public:
    using Found = std::vector<std::pair<std::size_t, unsigned>>;  // end, id

    BlockSearch(const hs_database_t* database, std::size_t ids) : database_(database), searched_(ids) {
        hs_scratch_t* scratch = nullptr;
        if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) throw std::bad_alloc();
        scratch_.reset(scratch);
    }

    template <class Report>
    void find(std::string_view text, Report report) {
        std::ranges::fill(searched_, 0);
        text_ = text;
        struct Context {
            BlockSearch* self;
            Report* report;
        } context{this, &report};
        const auto on_match = [](unsigned id, unsigned long long, unsigned long long to, unsigned, void* raw) {
            const auto* given = static_cast<Context*>(raw);
            if (given->self->is_new(id, static_cast<std::size_t>(to)))
                (*given->report)(id, static_cast<std::size_t>(to));
            return 0;
        };
        const auto code =
            hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_.get(), on_match, &context);
        if (code != HS_SUCCESS) throw Error("kb.engine", fmt::format("Hyperscan failed with code {}", code));
    }

private:
    bool is_new(unsigned id, std::size_t end) {
        if (end < searched_[id]) return false;
        const void* newline = std::memchr(text_.data() + end, '\n', text_.size() - end);
        searched_[id] = newline == nullptr
                            ? text_.size() + 1
                            : static_cast<std::size_t>(static_cast<const char*>(newline) - text_.data()) + 1;
        return true;
    }

    const hs_database_t* database_;
    std::unique_ptr<hs_scratch_t, FreeScratch> scratch_;
    std::vector<std::size_t> searched_;  // for each id, where the lines begin in which it was not yet found
    std::string_view text_;
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
