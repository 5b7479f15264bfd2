#ifdef UHOST_HYPERSCAN

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <new>
#include <optional>

#include "api/kb/hyperscan.hpp"
#include "api/kb/hyperscan_database.hpp"
#include "api/kb/trigram_search.hpp"
#include "host/core/error.hpp"

namespace uhost::kb {
namespace {

using Scratch = std::unique_ptr<hs_scratch_t, HyperscanRelease<hs_free_scratch>>;

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
        Context<Report> context{once_, report, nullptr};
        const auto code = hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_.get(),
                                  on_match<Report>, &context);
        if (context.failure) std::rethrow_exception(context.failure);
        if (code != HS_SUCCESS) throw Error("kb.engine", fmt::format("Hyperscan failed with code {}", code));
    }

private:
    template <class Report>
    struct Context {
        LineOnce& once;
        Report& report;
        std::exception_ptr failure;
    };

    // Called from C, through which nothing may be thrown: a failure ends the scan, and is raised after it.
    template <class Report>
    static int on_match(unsigned id, unsigned long long, unsigned long long to, unsigned, void* raw) noexcept {
        auto& context = *static_cast<Context<Report>*>(raw);
        try {
            const auto end = static_cast<std::size_t>(to);
            if (context.once.is_first(id, end)) context.report(id, end);
            return 0;
        } catch (const std::exception&) {
            context.failure = std::current_exception();
            return 1;
        }
    }

    const hs_database_t* database_;
    Scratch scratch_;
    LineOnce once_;
};

struct Place {
    std::uint64_t fingerprint;
    std::uint32_t number;
};
using Places = std::vector<Place>;

// Where in a set the expressions stand, by fingerprint: several patterns may have the same one.
Places places_of(const PatternSet& patterns) {
    Places places;
    places.reserve(patterns.expressions().size());
    for (std::uint32_t number = 0; number < patterns.expressions().size(); ++number) {
        places.push_back({patterns.expressions()[number]->fingerprint(), number});
    }
    std::ranges::sort(places, {}, [](const Place& place) { return std::pair(place.fingerprint, place.number); });
    return places;
}

class PartFinder {
public:
    PartFinder(std::shared_ptr<const HyperscanPart> part, const Places& places, std::vector<std::uint32_t>& left_out)
        : part_(std::move(part)) {
        for (const auto fingerprint : part_->fingerprints) {
            begins_.push_back(static_cast<std::uint32_t>(numbers_.size()));
            for (const auto& place : std::ranges::equal_range(places, fingerprint, {}, &Place::fingerprint)) {
                numbers_.push_back(place.number);
            }
        }
        begins_.push_back(static_cast<std::uint32_t>(numbers_.size()));
        for (const auto place : part_->left_out) std::ranges::copy(numbers_at(place), std::back_inserter(left_out));
        if (part_->literals) literals_.emplace(part_->literals->handle(), part_->expressions.size());
        if (part_->shapes) shapes_.emplace(part_->shapes->handle(), part_->fingerprints.size());
    }

    void find(std::string_view text, std::vector<Candidate>& found) {
        const auto add = [&](std::uint32_t place, std::size_t end) {
            for (const auto number : numbers_at(place)) found.push_back({end, number});
        };
        if (literals_) {
            literals_->find(text, [&](unsigned id, std::size_t end) {
                for (const auto place : part_->expressions[id]) add(place, end);
            });
        }
        if (shapes_) shapes_->find(text, add);
    }

private:
    // In the set, of an expression of the part.
    std::span<const std::uint32_t> numbers_at(std::uint32_t place) const {
        return std::span(numbers_).subspan(begins_[place], begins_[place + 1] - begins_[place]);
    }

    std::shared_ptr<const HyperscanPart> part_;
    std::vector<std::uint32_t> numbers_, begins_;  // one list after another, and where each begins
    std::optional<BlockSearch> literals_, shapes_;
};

class HyperscanFinder : public CandidateFinder {
public:
    HyperscanFinder(const PatternSet& patterns, const HyperscanParts& parts)
        : folding_(expressions_that_fold(patterns)) {
        const auto places = places_of(patterns);
        std::vector<std::uint32_t> left_out;
        for (const auto& part : parts) parts_.push_back(std::make_unique<PartFinder>(part, places, left_out));
        sort_unique(left_out);
        if (!left_out.empty()) rest_ = pcre2_finder(patterns, std::move(left_out));
    }

    void begin(const ScanLimits& limits) override {
        if (rest_) rest_->begin(limits);
    }

    void find(std::string_view text, std::vector<Candidate>& found) override {
        for (const auto& part : parts_) part->find(text, found);
        if (rest_) rest_->find(text, found);
        add_folded(text, folding_, found);
    }

private:
    std::vector<std::uint32_t> folding_;
    std::vector<std::unique_ptr<PartFinder>> parts_;
    std::unique_ptr<CandidateFinder> rest_;
};

}  // namespace

std::unique_ptr<CandidateFinder> hyperscan_finder(const PatternSet& patterns, const HyperscanParts& parts) {
    return std::make_unique<HyperscanFinder>(patterns, parts);
}

}  // namespace uhost::kb

#endif
