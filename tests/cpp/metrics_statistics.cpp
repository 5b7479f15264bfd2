// The statistics of api/metrics, against values that are known, and against what their definitions promise.
#include <catch2/catch.hpp>
#include <cmath>

#include "api/metrics/change_points.hpp"
#include "api/metrics/permutation.hpp"
#include "api/metrics/quantiles.hpp"

using namespace uhost::metrics;

namespace {

// Durations with log-normal noise, of which two of a hundred are slow by far.
class Builds {
public:
    explicit Builds(std::uint64_t seed) : random_(seed) {}
    double next(double median, double noise) {
        double value = median * std::exp(noise * normal());
        if (uniform() < 0.02) value *= 1.3 + uniform();
        return value;
    }

private:
    double uniform() { return (static_cast<double>(random_.next() >> 11) + 0.5) / 9007199254740992.0; }
    double normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::acos(-1.0) * uniform()); }
    Random random_;
};

std::vector<double> builds_of(std::uint64_t seed, std::size_t count, std::size_t place, double factor, double noise) {
    Builds builds(seed);
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(builds.next(i < place ? 300 : 300 * factor, noise));
    return values;
}

}  // namespace

TEST_CASE("metrics: quantiles are those of R's default") {
    // quantile(c(1, 3, 4, 8, 20), c(0, .1, .25, .5, .95, 1))
    std::vector<double> values{20, 1, 8, 3, 4};
    CHECK(quantile_of(values, 0) == 1);
    CHECK(quantile_of(values, 0.1) == Approx(1.8));
    CHECK(quantile_of(values, 0.25) == 3);
    CHECK(quantile_of(values, 0.5) == 4);
    CHECK(quantile_of(values, 0.95) == Approx(17.6));
    CHECK(quantile_of(values, 1) == 20);
    std::vector<double> one{7};
    CHECK(quantile_of(one, 0.95) == 7);
}

TEST_CASE("metrics: equal values share their rank") {
    CHECK(ranks(std::vector<double>{10, 20, 10, 5}) == std::vector<double>{2.5, 4, 2.5, 1});
}

TEST_CASE("metrics: small samples are compared by all permutations") {
    // wilcox.test(c(1, 2, 3), c(4, 5, 6)): 2 of 20 arrangements are as extreme.
    const std::vector<double> a{1, 2, 3}, b{4, 5, 6};
    CHECK(compare(a, b, {}, {}).p == Approx(0.1));
    ComparisonOptions greater;
    greater.alternative = Alternative::greater;
    CHECK(compare(a, b, greater, {}).p == Approx(0.05));
    CHECK(compare(b, a, greater, {}).p == Approx(1));
    CHECK(compare(a, b, {}, {}).shift == 3);
}

TEST_CASE("metrics: random permutations come near to the exact answer") {
    std::vector<double> a, b;
    for (int i = 0; i < 12; ++i) a.push_back(i), b.push_back(i + 3.5);
    ComparisonOptions exact, random;
    exact.permutations = 3'000'000;  // there are 2,704,156
    const double p = compare(a, b, exact, {}).p;
    CHECK(compare(a, b, random, {}).p == Approx(p).margin(0.01));
}

TEST_CASE("metrics: a single value is compared with many") {
    std::vector<double> before;
    for (int i = 1; i <= 99; ++i) before.push_back(i);
    ComparisonOptions greater;
    greater.alternative = Alternative::greater;
    CHECK(compare(before, std::vector<double>{1000}, greater, {}).p == Approx(0.01));
    CHECK(compare(before, std::vector<double>{50}, greater, {}).p > 0.4);
}

TEST_CASE("metrics: a shift of a tenth is found where it is") {
    int found = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const auto changes = change_points(builds_of(seed, 300, 120, 1.1, 0.04), {}, {});
        for (const auto& change : changes) {
            if (change.index >= 115 && change.index <= 125 && change.after > change.before) ++found;
        }
    }
    CHECK(found >= 36);
}

TEST_CASE("metrics: noise is no change") {
    std::size_t alarms = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        alarms += change_points(builds_of(seed, 500, 0, 1, 0.05), {}, {}).size();
    CHECK(alarms <= 5);
}

TEST_CASE("metrics: changes that were undone are two") {
    auto values = builds_of(3, 300, 100, 1.2, 0.03);
    const auto tail = builds_of(4, 200, 0, 1, 0.03);
    std::copy(tail.begin(), tail.begin() + 160, values.begin() + 140);
    const auto changes = change_points(values, {}, {});
    REQUIRE(changes.size() == 2);
    CHECK(std::abs(static_cast<int>(changes[0].index) - 100) <= 3);
    CHECK(std::abs(static_cast<int>(changes[1].index) - 140) <= 3);
}

TEST_CASE("metrics: sizes that are equal but for a step have one change") {
    std::vector<double> sizes(60, 38e6);
    std::fill(sizes.begin() + 25, sizes.end(), 41e6);
    const auto changes = change_points(sizes, {}, {});
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].index == 25);
    CHECK(changes[0].after == 41e6);
}

TEST_CASE("metrics: changes that are too small for anybody are left out") {
    const auto values = builds_of(5, 400, 200, 1.1, 0.01);
    ChangePointOptions options;
    CHECK(change_points(values, options, {}).size() == 1);
    options.min_ratio = 0.2;
    CHECK(change_points(values, options, {}).empty());
}

TEST_CASE("metrics: short and constant series have no changes") {
    CHECK(change_points(std::vector<double>{}, {}, {}).empty());
    CHECK(change_points(std::vector<double>{1, 2, 3}, {}, {}).empty());
    CHECK(change_points(std::vector<double>(100, 5.0), {}, {}).empty());
    CHECK(change_points(std::vector<double>(100, 0.0), {}, {}).empty());
}

TEST_CASE("metrics: negative values are compared by their differences") {
    std::vector<double> values;
    for (int i = 0; i < 80; ++i) values.push_back((i < 40 ? -10 : 10) + i % 3);
    const auto changes = change_points(values, {}, {});
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].index == 40);
}
