#include "api/metrics/change_points.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "api/metrics/permutation.hpp"
#include "api/metrics/quantiles.hpp"

namespace uhost::metrics {
namespace {

constexpr double max_score = 3;
// Where exactly a change is, scores tell better that give less weight to each value: of values that are far off now and
// then, 2 finds more places than 3.
constexpr double max_score_of_place = 2;
// A test looks at so many values on either side of a place: enough for any certainty, and a slow trend is none.
constexpr std::size_t max_side = 300;
constexpr double max_interval = 4 * max_side;
// Once so many permutations were as extreme, p is known well enough (Besag and Clifford 1991).
constexpr int max_extreme = 20;

struct Noise {
    double scale;        // standard deviation of one value
    double correlation;  // from one value to the next, 0 to 0.8
};

// The standard deviation of a normal distribution, from the median of absolute deviations.
constexpr double deviations_to_sigma = 1.4826;

std::vector<double> differences_of(std::span<const double> values) {
    std::vector<double> differences(values.size() - 1);
    for (std::size_t i = 0; i + 1 < values.size(); ++i) differences[i] = values[i + 1] - values[i];
    return differences;
}

double robust_sigma(std::span<const double> centred) {
    std::vector<double> sizes(centred.size());
    std::transform(centred.begin(), centred.end(), sizes.begin(), [](double value) { return std::abs(value); });
    return deviations_to_sigma * median_of(sizes);
}

double mean_size(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += std::abs(value);
    return sum / static_cast<double>(values.size());
}

// Of an AR(1) process with correlation c, neighbouring differences have the correlation (c - 1) / 2.
double correlation_of(const std::vector<double>& differences, double sigma) {
    double products = 0, squares = 0, last = 0;
    for (const double difference : differences) {
        const double score = std::clamp(difference / sigma, -max_score, max_score);
        products += last * score;
        squares += score * score;
        last = score;
    }
    const double found = 1 + 2 * products / squares;
    // Less what chance alone gives.
    return std::clamp(found - 2 / std::sqrt(static_cast<double>(differences.size())), 0.0, 0.8);
}

Noise noise_of(std::span<const double> values) {
    const auto differences = differences_of(values);
    const double sigma = robust_sigma(differences);
    // Where most neighbours are equal, as whole seconds and sizes are, the mean says more; sqrt(pi) / 2 makes it that
    // of one value.
    if (sigma == 0) return {mean_size(differences) * 0.8862, 0};
    const double correlation = correlation_of(differences, sigma);
    return {sigma / std::sqrt(2 * (1 - correlation)), correlation};
}

struct Split {
    std::size_t place = 0;  // of the first value behind it
    double strength = 0;
};

// Where scores are cut best: the strongest CUSUM, |sum of the first k - k/n of all| / sqrt(k (n - k) / n).
class Cutter {
public:
    explicit Cutter(std::size_t min_segment) : min_segment_(min_segment) {}

    Split best_split(std::span<const double> scores) {
        if (scores.size() != weights_.size()) weigh(scores.size());
        const double mean = std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size());
        Split best;
        double sum = 0;
        for (std::size_t k = 1; k + min_segment_ <= scores.size(); ++k) {
            sum += scores[k - 1] - mean;
            const double strength = std::abs(sum) * weights_[k];
            if (strength > best.strength) best = {k, strength};
        }
        return best;
    }

private:
    void weigh(std::size_t size) {
        const double count = static_cast<double>(size);
        weights_.assign(size, 0);
        for (std::size_t k = min_segment_; k + min_segment_ <= size; ++k) {
            const double first = static_cast<double>(k);
            weights_[k] = std::sqrt(count / (first * (count - first)));
        }
    }

    std::size_t min_segment_;
    std::vector<double> weights_;  // by k; 0 where a side would be too short
};

class Detector {
public:
    Detector(std::span<const double> values, const ChangePointOptions& options, std::stop_token stop)
        : options_(options),
          stop_(std::move(stop)),
          original_(values),
          values_(values.begin(), values.end()),
          cutter_(options.min_segment) {
        const bool is_positive = std::all_of(values.begin(), values.end(), [](double value) { return value > 0; });
        if (options.relative && is_positive) {
            for (double& value : values_) value = std::log(value);
        }
        noise_ = noise_of(values_);
        // Sums of correlated values spread more: by the square root of (1 + c) / (1 - c).
        spread_ = std::sqrt((1 + noise_.correlation) / (1 - noise_.correlation));
    }

    std::vector<ChangePoint> run() {
        if (noise_.scale == 0) return {};
        propose();
        refine();
        prune();
        std::vector<ChangePoint> found;
        for (std::size_t i = 0; i < places_.size(); ++i) found.push_back(described(i));
        return found;
    }

private:
    struct Interval {
        std::size_t begin, end;
        Split split;
    };

    // Scores around the median; those of a part that has a change are around the middle of both levels.
    std::span<const double> scores(std::size_t begin, std::size_t end, double most = max_score) {
        scores_.assign(values_.begin() + static_cast<std::ptrdiff_t>(begin),
                       values_.begin() + static_cast<std::ptrdiff_t>(end));
        copy_ = scores_;
        const double centre = median_of(copy_);
        for (double& score : scores_) score = std::clamp((score - centre) / noise_.scale, -most, most);
        return scores_;
    }

    Split split_of(std::size_t begin, std::size_t end, double most = max_score) {
        Split split = cutter_.best_split(scores(begin, end, most));
        split.place += begin;
        split.strength /= spread_;
        return split;
    }

    void look_at(std::size_t begin, std::size_t end, std::vector<Interval>& strong) {
        const Split split = split_of(begin, end);
        if (split.strength > options_.threshold) strong.push_back({begin, end, split});
    }

    // Each layer has intervals shorter by the square root of two, which overlap by half.
    void propose() {
        const double size = static_cast<double>(values_.size());
        std::vector<Interval> strong;
        for (double length = std::min(size, max_interval); length >= 2.0 * static_cast<double>(options_.min_segment);
             length /= std::sqrt(2.0)) {
            const auto count = static_cast<std::size_t>(2 * std::ceil(size / length)) - 1;
            for (std::size_t i = 0; i < count && !stop_.stop_requested(); ++i) {
                const double begin =
                    count == 1 ? 0 : (size - length) * static_cast<double>(i) / static_cast<double>(count - 1);
                look_at(static_cast<std::size_t>(begin),
                        std::min(values_.size(), static_cast<std::size_t>(std::ceil(begin + length))), strong);
            }
        }
        std::stable_sort(strong.begin(), strong.end(),
                         [](const Interval& a, const Interval& b) { return a.split.strength > b.split.strength; });
        for (const Interval& interval : strong) {
            const auto next = std::lower_bound(places_.begin(), places_.end(), interval.begin + 1);
            if (next == places_.end() || *next >= interval.end) places_.insert(next, interval.split.place);
        }
    }

    std::size_t begin_of(std::size_t i) const { return i == 0 ? 0 : places_[i - 1]; }
    std::size_t end_of(std::size_t i) const { return i + 1 == places_.size() ? values_.size() : places_[i + 1]; }

    std::pair<std::size_t, std::size_t> surroundings(std::size_t i) const {
        const std::size_t place = places_[i];
        return {std::max(begin_of(i), place > max_side ? place - max_side : 0), std::min(end_of(i), place + max_side)};
    }

    // The interval that proposed a place may have been short, or have held another change.
    void refine() {
        for (int round = 0; round < 2; ++round) {
            for (std::size_t i = 0; i < places_.size(); ++i) {
                const auto [begin, end] = surroundings(i);
                if (end - begin >= 2 * options_.min_segment) {
                    const Split split = split_of(begin, end, max_score_of_place);
                    if (split.strength > 0) places_[i] = split.place;
                }
            }
        }
    }

    double median(std::size_t begin, std::size_t end) {
        copy_.assign(original_.begin() + static_cast<std::ptrdiff_t>(begin),
                     original_.begin() + static_cast<std::ptrdiff_t>(end));
        return median_of(copy_);
    }

    ChangePoint described(std::size_t i) {
        return {places_[i], median(begin_of(i), places_[i]), median(places_[i], end_of(i)), p_[i]};
    }

    bool is_large_enough(std::size_t i) {
        const auto [begin, end] = surroundings(i);
        const double before = median(begin, places_[i]), after = median(places_[i], end);
        const double change = std::abs(after - before);
        return change > 0 && change >= options_.min_change &&
               change >= options_.min_ratio * std::min(std::abs(before), std::abs(after));
    }

    // Of a stationary series with such a correlation, by the rule of Carlstein (1986).
    std::size_t block_length(std::size_t count) const {
        const double c = noise_.correlation;
        if (c == 0) return 1;
        const double length =
            std::pow(std::sqrt(6.0) * c / (1 - c * c), 2.0 / 3) * std::cbrt(static_cast<double>(count));
        return std::clamp<std::size_t>(static_cast<std::size_t>(std::ceil(length)), 1, count / 4);
    }

    void shuffle(std::vector<double>& shuffled, std::span<const double> from, std::size_t block, Random& random) {
        if (block == 1) {
            for (std::size_t i = shuffled.size(); i > 1; --i) std::swap(shuffled[i - 1], shuffled[random.below(i)]);
            return;
        }
        order_.resize((from.size() + block - 1) / block);
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random.below(i)]);
        auto out = shuffled.begin();
        for (const std::size_t which : order_) {
            const auto part = from.subspan(which * block, std::min(block, from.size() - which * block));
            out = std::copy(part.begin(), part.end(), out);
        }
    }

    // How often a random permutation can be as strong at most, by Hoeffding's inequality (1963) for drawing without
    // replacement, at each of the places: what is far below `max_p` need not be tried.
    static double bound_of(std::span<const double> here, double observed) {
        const auto [least, most] = std::minmax_element(here.begin(), here.end());
        const double range = *most - *least;
        return 2 * static_cast<double>(here.size()) * std::exp(-observed * observed / (range * range));
    }

    double permutation_p(std::size_t i) {
        const auto [begin, end] = surroundings(i);
        const auto here = scores(begin, end);
        const double observed = cutter_.best_split(here).strength;
        const double bound = noise_.correlation == 0 ? bound_of(here, observed) : 1;
        if (bound < options_.max_p / 10) return bound;
        const std::vector<double> from(here.begin(), here.end());
        std::vector<double> shuffled = from;
        const std::size_t block = block_length(from.size());
        Random random(options_.seed + places_[i]);
        int extreme = 0, done = 0;
        while (done < options_.permutations && extreme < max_extreme && !stop_.stop_requested()) {
            shuffle(shuffled, from, block, random);
            ++done;
            if (cutter_.best_split(shuffled).strength >= observed) ++extreme;
        }
        return static_cast<double>(extreme + 1) / (done + 1);
    }

    // Drops the weakest until every place holds between its neighbours; what was tested between the same ones is known.
    void prune() {
        p_.assign(places_.size(), -1);
        while (true) {
            std::optional<std::size_t> worst;
            double worst_p = 0;
            for (std::size_t i = 0; i < places_.size(); ++i) {
                if (p_[i] < 0) p_[i] = is_large_enough(i) ? permutation_p(i) : 1;
                if (p_[i] > options_.max_p && p_[i] > worst_p) worst = i, worst_p = p_[i];
            }
            if (!worst || stop_.stop_requested()) return;
            drop(*worst);
        }
    }

    void drop(std::size_t i) {
        places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(i));
        p_.erase(p_.begin() + static_cast<std::ptrdiff_t>(i));
        if (i > 0) p_[i - 1] = -1;
        if (i < p_.size()) p_[i] = -1;
    }

    const ChangePointOptions& options_;
    std::stop_token stop_;
    std::span<const double> original_;
    std::vector<double> values_;
    Cutter cutter_;
    Noise noise_{};
    double spread_ = 1;
    std::vector<std::size_t> places_;
    std::vector<double> p_;
    std::vector<double> scores_, copy_;
    std::vector<std::size_t> order_;
};

}  // namespace

std::vector<ChangePoint> change_points(std::span<const double> values, const ChangePointOptions& options,
                                       std::stop_token stop) {
    if (values.size() < 2 * std::max<std::size_t>(options.min_segment, 1)) return {};
    return Detector(values, options, std::move(stop)).run();
}

}  // namespace uhost::metrics
