#include "api/kb/matcher.hpp"

#include <fmt/format.h>

#include "api/kb/block_reader.hpp"
#include "api/kb/database_cache.hpp"
#include "api/kb/hit_finder.hpp"
#include "host/core/error.hpp"

namespace uhost::kb {

namespace {

// All that a compiled search is made from.
std::string content_of(const PatternSet& patterns) {
    std::string content = "1 " + HyperscanSearch::platform();
    const auto add = [&](const Expression& expression) {
        content += fmt::format("\n{} {} ", expression.flags().letters(), expression.text().size());
        content += expression.text();
    };
    for (const auto& expression : patterns.expressions()) add(*expression);
    content += "\nunless";
    for (std::uint32_t number = 0; number < patterns.refusing_count(); ++number) add(patterns.refusing(number));
    return content;
}

}  // namespace

Matcher::Matcher(const std::vector<PatternSource>& sources, const Options& options) : patterns_(sources) {
    if (options.engine == Engine::hyperscan && !HyperscanSearch::is_available()) {
        throw Error("kb.engine", "Hyperscan is not there: this uhost was built without it, or the processor is too old")
            .hint("engine = \"auto\" takes what is there");
    }
    if (options.engine == Engine::pcre2 || !HyperscanSearch::is_available()) {
        patterns_.check();
    } else {
        compile(options);
    }
}

// What is in the cache was made from patterns that are known to be right.
void Matcher::compile(const Options& options) {
    if (options.cache.empty()) {
        patterns_.check();
        hyperscan_ = HyperscanSearch::compile(patterns_);
        return;
    }
    const DatabaseCache cache(options.cache);
    const auto key = DatabaseCache::key_of(content_of(patterns_));
    if (const auto kept = cache.read(key)) hyperscan_ = HyperscanSearch::restore(*kept, patterns_);
    cached_ = hyperscan_ != nullptr;
    if (cached_) return;
    patterns_.check();
    hyperscan_ = HyperscanSearch::compile(patterns_);
    cache.write(key, hyperscan_->serialize());
}

std::unique_ptr<CandidateFinder> Matcher::finder() const {
    if (hyperscan_) return hyperscan_finder(patterns_, hyperscan_);
    return literal_finder(patterns_);
}

ScanResult Matcher::scan(Log& log, std::uint64_t from, std::uint64_t to, const std::stop_token& stop) const {
    ScanResult result;
    from = std::max<std::uint64_t>(from, 1);
    if (from > 1) log.make_index(stop);
    const bool begins_inside = from == 1 || from <= log.lines().value_or(0);
    BlockReader reader(log.file(), from > 1 && begins_inside ? log.offset_of(from) : 0, from, begins_inside ? to : 0);
    HitFinder hits(patterns_);
    const auto candidates = finder();
    std::vector<Candidate> found;
    Block block;
    block.set_first_number(from);
    for (bool more = true; more;) {
        more = reader.next(block, patterns_.lines_looked_back(), stop);
        found.clear();
        if (block.has_new()) candidates->find(block.new_text(), found);
        hits.look(block, found, !more);
    }
    result.lines = reader.lines();
    result.bytes = reader.bytes();
    result.markers = std::move(reader.markers());
    hits.give(result);
    if (from == 1 && reader.at_end()) log.set_index(std::move(reader.index()));
    return result;
}

}  // namespace uhost::kb
