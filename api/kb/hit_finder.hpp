#pragma once

#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "api/kb/candidate_finder.hpp"
#include "api/kb/hit.hpp"
#include "api/kb/line_matcher.hpp"
#include "api/log_text/block.hpp"

namespace uhost::kb {

/// Keeps the first and the last hits of each pattern, and counts all. When what is kept grows large, fewer are kept of
/// the patterns that have most, and then texts are cut, so that memory stays bounded whatever a log holds.
class HitKeeper {
public:
    explicit HitKeeper(const PatternSet& patterns) : patterns_(patterns), kept_(patterns.patterns().size()) {}

    /// Hits of one pattern come in order.
    void add(Hit hit);
    /// Moves all into `result`, ordered.
    void finish(ScanResult& result);

private:
    struct Kept {
        std::vector<Hit> first;
        std::list<Hit> last;  // most patterns have none, and a deque would take memory for each
        std::uint64_t count = 0;
    };

    void keep_fewer();

    const PatternSet& patterns_;
    std::vector<Kept> kept_;
    std::size_t max_kept_ = 1 << 14;
    std::size_t bytes_ = 0;
};

/// Confirms candidates with PCRE2, line by line, and puts the matches together: sequences over several lines, and hits
/// that something nearby refuses. For one thread at a time.
class HitFinder {
public:
    HitFinder(const PatternSet& patterns, const ScanLimits& limits);

    /// Looks at the candidates in the new lines of a block; offsets are those of its new_text(). Sorts them.
    void look(const log_text::Block& block, std::vector<Candidate>& candidates, bool last_block);
    void finish(ScanResult& result);

private:
    const re::Matcher* match(std::uint32_t expression, std::uint32_t pattern, std::string_view line);
    void look_at_line(std::uint32_t expression, std::uint64_t number, std::string_view line);
    void begin(std::uint32_t pattern, Hit hit);
    void advance(std::uint32_t expression, std::uint64_t number, std::string_view line);
    void complete(Hit hit);
    void decide(const log_text::Block& block, bool last_block);
    bool is_refused(const log_text::Block& block, const Hit& hit);

    const PatternSet& patterns_;
    LineMatcher lines_;
    std::vector<std::vector<std::optional<Hit>>> partial_;  // of each pattern that is a sequence, by elements found
    std::deque<Hit> waiting_;                               // for lines that may refuse them
    HitKeeper keeper_;
    std::vector<std::uint64_t> limited_;
    std::uint64_t lines_matched_ = 0, last_matched_ = 0;
};

}  // namespace uhost::kb
