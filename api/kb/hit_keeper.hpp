#pragma once

#include <deque>
#include <vector>

#include "api/kb/hit.hpp"
#include "api/kb/pattern.hpp"

namespace uhost::kb {

/// Keeps the first and the last hits of each pattern, and counts all. When the kept texts grow large, those of further
/// hits are cut, so that memory stays bounded whatever a log holds.
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

    const PatternSet& patterns_;
    std::vector<Kept> kept_;
    std::size_t bytes_ = 0;
};

}  // namespace uhost::kb
