#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace uhost::metrics {

struct ChangePointOptions {
    bool relative = true;         ///< changes are ratios; for values above 0 only, others are taken as they are
    std::size_t min_segment = 4;  ///< values that there must be on either side
    double threshold = 4;         ///< of the statistic, for a place to be looked at: standard deviations
    double max_p = 0.002;
    double min_change = 0;  ///< between the medians of both sides, in the values' unit
    double min_ratio = 0;   ///< the same as a part of the smaller one: 0.02 for 2 %
    int permutations = 999;
    std::uint64_t seed = 1;
};

struct ChangePoint {
    std::size_t index;     ///< of the first value that is different, from 0
    double before, after;  ///< the medians between this change and its neighbours
    double p;              ///< how often chance alone gives a change as strong there
};

/// Finds where the level of a series changes, for good or for a time.
///
/// Values become robust scores: their distance from the interval's median in units of the noise, not more than
/// `max_score`, so that a slow machine now and then is no change. The noise is taken from differences of neighbours,
/// which changes of the level hardly touch, and its correlation from one value to the next is allowed for. In seeded
/// intervals (Kovács, Bühlmann, Li and Munk 2023), whose lengths add up to O(n log n), the CUSUM statistic of the
/// scores proposes places. Each is then held against random permutations of its surroundings (E-divisive does so,
/// Matteson and James 2014), in blocks where neighbours are correlated (Carlstein 1986), and the weakest is dropped
/// until all hold.
std::vector<ChangePoint> change_points(std::span<const double> values, const ChangePointOptions& options,
                                       std::stop_token stop);

}  // namespace uhost::metrics
