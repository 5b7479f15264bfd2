#pragma once

#include <span>
#include <vector>

namespace uhost::metrics {

/// The quantile of sorted values, at least one, with straight lines between them: definition 7 of Hyndman and Fan
/// (1996), which R, NumPy and spreadsheets take as well.
double quantile(std::span<const double> sorted, double probability);

/// The quantile of at least one value in any order, which are put into another one.
double quantile_of(std::span<double> values, double probability);

inline double median_of(std::span<double> values) { return quantile_of(values, 0.5); }

}  // namespace uhost::metrics
