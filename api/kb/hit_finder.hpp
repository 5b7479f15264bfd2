#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "api/kb/block.hpp"
#include "api/kb/candidates.hpp"
#include "api/kb/hit_keeper.hpp"
#include "api/re/matcher.hpp"

namespace uhost::kb {

/// Confirms candidates with PCRE2, line by line, and puts the matches together: sequences over several lines, and hits
/// that something nearby refuses. For one thread at a time.
class HitFinder {
public:
    explicit HitFinder(const PatternSet& patterns);

    /// Looks at the candidates in the new lines of a block; offsets are those of its new_text(). Sorts them.
    void look(const Block& block, std::vector<Candidate>& candidates, bool last_block);
    void give(ScanResult& result);

private:
    struct Tried {
        std::unique_ptr<re::Matcher> matcher;
        unsigned times = 0;
    };
    using Matchers = std::vector<Tried>;

    re::Matcher* match(Matchers& matchers, std::uint32_t number, const Expression& expression, std::uint32_t pattern,
                       std::string_view line);
    void look_at_line(std::uint32_t expression, std::uint64_t number, std::string_view line);
    void begin(std::uint32_t pattern, Hit hit);
    void go_on(std::uint32_t expression, std::uint64_t number, std::string_view line);
    void complete(Hit hit);
    void settle(const Block& block, bool last_block);
    bool is_refused(const Block& block, const Hit& hit);

    const PatternSet& patterns_;
    Matchers matchers_, refusing_;
    std::unique_ptr<re::Matcher> passing_;
    std::vector<std::vector<std::optional<Hit>>> begun_;  // of each pattern that is a sequence, by elements found
    std::deque<Hit> waiting_;                             // for lines that may refuse them
    HitKeeper keeper_;
    std::vector<std::uint64_t> limited_;
    std::uint64_t lines_matched_ = 0, last_matched_ = 0;
};

}  // namespace uhost::kb
