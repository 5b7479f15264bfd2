#pragma once

#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "api/kb/hit.hpp"
#include "api/kb/line_matcher.hpp"
#include "api/kb/piece.hpp"

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

    /// Looks at the candidates in the lines of a piece; they come in order.
    void look(const Piece& piece);
    void finish(ScanResult& result);

private:
    /// What is known after a look whether an expression matches a line.
    enum class Look { no, yes, unknown };

    const std::vector<std::uint64_t>& in_order(const Piece& piece);
    void look_at_searched(const Piece& piece, std::size_t place, std::span<const std::uint64_t> candidates);
    void look_at_repeated(const Piece& piece, const Piece::Line& line);
    Look match(std::uint32_t expression, std::uint32_t pattern, std::string_view line);
    Look look_at_line(std::uint32_t expression, std::uint64_t number, std::string_view line);
    void begin(std::uint32_t pattern, Hit hit);
    Look advance(std::uint32_t expression, std::uint64_t number, std::string_view line);
    void complete(Hit hit);
    void decide(const log_text::Block& block, bool last_block);
    bool is_refused(const log_text::Block& block, const Hit& hit);

    const PatternSet& patterns_;
    LineMatcher lines_;
    std::vector<std::vector<std::optional<Hit>>> partial_;  // of each pattern that is a sequence, by elements found
    std::deque<Hit> waiting_;                               // for lines that may refuse them
    // Of each line in the memo, by its number there, the expressions that are not known not to match it.
    std::vector<std::uint32_t> left_, left_begins_;
    std::vector<std::uint64_t> ordered_;
    const re::Matcher* found_ = nullptr;  // the last match
    HitKeeper keeper_;
    std::vector<std::uint64_t> limited_;
    std::uint64_t lines_matched_ = 0, last_matched_ = 0;
};

}  // namespace uhost::kb
