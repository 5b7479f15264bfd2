#pragma once

#include <deque>
#include <vector>

#include "api/kb/hit.hpp"
#include "api/kb/pattern.hpp"

namespace uhost::kb {

/// Keeps the first and the last hits of each pattern, and counts all. When what is kept grows large, fewer are kept of
/// the patterns that have most, and then texts are cut, so that memory stays bounded whatever a log holds.
class HitKeeper {
public:
    explicit HitKeeper(const PatternSet& patterns) : patterns_(patterns), kept_(patterns.patterns().size()) {}

    /// Hits of one pattern come in order.
    void add(Hit hit);
    /// Counts a hit that so many of the same pattern follow, if these are enough for it not to be kept; false
    /// otherwise.
    bool skip(std::uint32_t pattern, std::size_t following);
    /// Moves all into `result`, ordered.
    void finish(ScanResult& result);

private:
    struct Kept {
        std::vector<Hit> first;
        std::deque<Hit> last;
        std::uint64_t count = 0;
    };

    std::size_t limit_of(std::uint32_t pattern) const;
    void keep_fewer();

    const PatternSet& patterns_;
    std::vector<Kept> kept_;
    std::size_t max_kept_ = 1 << 14;
    std::size_t bytes_ = 0;
};

}  // namespace uhost::kb
