#include "api/metrics/quantiles.hpp"

#include <algorithm>
#include <cmath>

namespace uhost::metrics {
namespace {

struct Position {
    std::size_t below;
    double share;  // of the value above it
};

Position position_of(std::size_t count, double probability) {
    const double at = probability * static_cast<double>(count - 1);
    const double below = std::floor(at);
    return {static_cast<std::size_t>(below), at - below};
}

}  // namespace

double quantile(std::span<const double> sorted, double probability) {
    const auto [below, share] = position_of(sorted.size(), probability);
    if (share == 0) return sorted[below];
    return sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

double quantile_of(std::span<double> values, double probability) {
    const auto [below, share] = position_of(values.size(), probability);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(below);
    std::nth_element(values.begin(), middle, values.end());
    if (share == 0) return *middle;
    return *middle + share * (*std::min_element(middle + 1, values.end()) - *middle);
}

}  // namespace uhost::metrics
