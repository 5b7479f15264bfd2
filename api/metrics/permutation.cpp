#include "api/metrics/permutation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "api/metrics/quantiles.hpp"

namespace uhost::metrics {
namespace {

// Differences of pairs that the Hodges-Lehmann estimate looks at; of larger samples, every so many are taken.
constexpr std::size_t max_pairs = 1'000'000;

double hodges_lehmann(std::span<const double> before, std::span<const double> after) {
    const std::size_t step = before.size() * after.size() / max_pairs + 1;
    std::vector<double> differences;
    for (std::size_t pair = 0; pair < before.size() * after.size(); pair += step) {
        differences.push_back(after[pair / before.size()] - before[pair % before.size()]);
    }
    return median_of(differences);
}

double median_of_copy(std::span<const double> values) {
    std::vector<double> copy(values.begin(), values.end());
    return median_of(copy);
}

// How many ways there are to choose some of all, or `limit` if there are more.
std::size_t combinations(std::size_t all, std::size_t some, std::size_t limit) {
    double count = 1;
    for (std::size_t i = 1; i <= std::min(some, all - some) && count < static_cast<double>(limit); ++i) {
        count = count * static_cast<double>(all - std::min(some, all - some) + i) / static_cast<double>(i);
    }
    return count < static_cast<double>(limit) ? static_cast<std::size_t>(std::llround(count)) : limit;
}

// How far a sum of ranks is from what is expected, in the direction that is asked for.
class Extremity {
public:
    Extremity(double expected, Alternative alternative) : expected_(expected), alternative_(alternative) {}
    double operator()(double sum) const {
        const double distance = sum - expected_;
        if (alternative_ == Alternative::different) return std::abs(distance);
        return alternative_ == Alternative::greater ? distance : -distance;
    }

private:
    double expected_;
    Alternative alternative_;
};

// Sums of ranks are multiples of one half, of which doubles are exact.
double exact_p(const std::vector<double>& all, std::size_t some, const Extremity& extremity, double observed) {
    std::vector<std::size_t> chosen(some);
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    std::size_t count = 0, extreme = 0;
    while (true) {
        double sum = 0;
        for (const auto i : chosen) sum += all[i];
        ++count;
        if (extremity(sum) >= observed) ++extreme;
        std::size_t place = some;
        while (place > 0 && chosen[place - 1] == all.size() - some + place - 1) --place;
        if (place == 0) break;
        ++chosen[place - 1];
        for (std::size_t i = place; i < some; ++i) chosen[i] = chosen[i - 1] + 1;
    }
    return static_cast<double>(extreme) / static_cast<double>(count);
}

double random_p(std::vector<double> all, std::size_t some, const Extremity& extremity, double observed,
                const ComparisonOptions& options, const std::stop_token& stop) {
    Random random(options.seed);
    int extreme = 1;
    for (int i = 0; i < options.permutations && !stop.stop_requested(); ++i) {
        double sum = 0;
        for (std::size_t place = 0; place < some; ++place) {
            std::swap(all[place], all[place + random.below(all.size() - place)]);
            sum += all[place];
        }
        if (extremity(sum) >= observed) ++extreme;
    }
    return static_cast<double>(extreme) / (options.permutations + 1);
}

}  // namespace

std::uint64_t Random::next() {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
}

std::size_t Random::below(std::size_t count) {
    // The high half of a product: without division; the bias is below count / 2^32.
    return static_cast<std::size_t>(((next() >> 32) * static_cast<std::uint64_t>(count)) >> 32);
}

std::vector<double> ranks(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> result(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
        const double rank = static_cast<double>(first + last) / 2 + 1;
        for (; first <= last; ++first) result[order[first]] = rank;
    }
    return result;
}

Comparison compare(std::span<const double> before, std::span<const double> after, const ComparisonOptions& options,
                   std::stop_token stop) {
    std::vector<double> values(after.begin(), after.end());
    values.insert(values.end(), before.begin(), before.end());
    const auto all = ranks(values);
    const std::size_t some = after.size();
    const Extremity extremity(static_cast<double>(some) * static_cast<double>(all.size() + 1) / 2, options.alternative);
    const double observed =
        extremity(std::accumulate(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(some), 0.0));
    const auto limit = static_cast<std::size_t>(options.permutations) + 1;
    const double p = combinations(all.size(), some, limit) < limit
                         ? exact_p(all, some, extremity, observed)
                         : random_p(all, some, extremity, observed, options, stop);
    return {median_of_copy(before), median_of_copy(after), hodges_lehmann(before, after), p};
}

}  // namespace uhost::metrics
