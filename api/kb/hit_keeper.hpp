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
    /// Moves all into `result`, ordered.
    void give(ScanResult& result);

private:
    struct Kept {
        std::vector<Hit> first;
        std::deque<Hit> last;
        std::uint64_t count = 0;
    };

    void keep_fewer();

    const PatternSet& patterns_;
    std::vector<Kept> kept_;
    std::size_t most_kept_ = 1 << 14;
    std::size_t bytes_ = 0;
};

}  // namespace uhost::kb
