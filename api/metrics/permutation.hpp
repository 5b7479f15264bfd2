#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

namespace uhost::metrics {

/// A small generator of random numbers (SplitMix64, Steele, Lea and Flood 2014): the same numbers on every machine.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    /// From 0 to `count` - 1.
    std::size_t below(std::size_t count);

private:
    std::uint64_t state_;
};

enum class Alternative { different, greater, less };

struct ComparisonOptions {
    Alternative alternative = Alternative::different;
    int permutations = 9999;
    std::uint64_t seed = 1;
};

struct Comparison {
    double before, after;  ///< medians
    double shift;          ///< by how much the second is greater (Hodges and Lehmann 1963)
    double p;              ///< how often chance alone gives as much
};

/// Compares two samples, each of at least one value, by a permutation test of the sum of the second's ranks (Wilcoxon
/// 1945). All permutations are looked at where these are few, otherwise so many random ones; the identity is one of
/// them, so that p is never 0 (Phipson and Smyth 2010).
Comparison compare(std::span<const double> before, std::span<const double> after, const ComparisonOptions& options,
                   std::stop_token stop);

/// The ranks of values, from 1; those that are equal share the mean of theirs.
std::vector<double> ranks(std::span<const double> values);

}  // namespace uhost::metrics
