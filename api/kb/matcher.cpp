#include "api/kb/matcher.hpp"

#include <numeric>

#include "api/kb/block_reader.hpp"
#include "api/kb/hit_finder.hpp"
#include "host/core/error.hpp"

namespace uhost::kb {

Matcher::Matcher(const std::vector<PatternSource>& sources, const Options& options) : patterns_(sources) {
    if (options.engine == Engine::hyperscan) {
        throw Error("kb.engine", "this uhost was built without Hyperscan")
            .hint("engine = \"auto\" takes what is there");
    }
    patterns_.check();
}

std::unique_ptr<CandidateFinder> Matcher::finder() const {
    std::vector<std::uint32_t> all(patterns_.expressions().size());
    std::iota(all.begin(), all.end(), 0U);
    return pcre2_finder(patterns_, std::move(all));
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
