// `metrics`: statistics of measurements, and the secret that they are sent with.
#include <cmath>

#include "api/http/url.hpp"
#include "api/metrics/change_points.hpp"
#include "api/metrics/permutation.hpp"
#include "api/metrics/quantiles.hpp"
#include "host/bind/call.hpp"
#include "host/bind/credential.hpp"
#include "host/bind/module.hpp"
#include "host/runtime/host.hpp"
#include "host/secrets/vault.hpp"

namespace uhost::metrics {
namespace {

using bind::Call;
using bind::Fields;
using bind::Finish;
using bind::Function;
using bind::Waits;

constexpr std::size_t max_values = 10'000'000;
constexpr std::int64_t max_permutations = 1'000'000;

std::vector<double> numbers_at(Call& call, int index, const char* name, std::size_t least) {
    call.table(index, name);
    lua_State* L = call.state();
    const std::size_t count = lua_objlen(L, index);
    if (count < least) call.bad_argument(index, name, "a list with at least one number");
    if (count > max_values) call.bad_argument(index, name, "a list of at most 10,000,000 numbers");
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        lua_rawgeti(L, index, static_cast<int>(i + 1));
        values[i] = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : NAN;
        if (!std::isfinite(values[i])) call.bad_item(index, name, i + 1, "a finite number");
        lua_pop(L, 1);
    }
    return values;
}

std::int64_t integer_field(const Fields& fields, const char* key, std::int64_t fallback, std::int64_t least,
                           std::int64_t most, const char* expected) {
    const auto value = fields.integer_or(key, fallback);
    if (value < least || value > most) fields.bad_field(key, expected);
    return value;
}

double number_field(const Fields& fields, const char* key, double fallback, double most, const char* expected) {
    const double value = fields.number(key).value_or(fallback);
    if (!(value >= 0 && value <= most)) fields.bad_field(key, expected);
    return value;
}

int quantiles(Call& call) {
    auto values = numbers_at(call, 1, "values", 1);
    const auto probabilities = numbers_at(call, 2, "probabilities", 0);
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        if (probabilities[i] < 0 || probabilities[i] > 1)
            call.bad_item(2, "probabilities", i + 1, "a number from 0 to 1");
    }
    std::vector<double> found;
    for (const double probability : probabilities) found.push_back(quantile_of(values, probability));
    return call.give(found);
}

Alternative alternative_of(const Fields& fields) {
    const auto text = fields.text_or("alternative", "different");
    if (text == "different") return Alternative::different;
    if (text == "greater") return Alternative::greater;
    if (text == "less") return Alternative::less;
    fields.bad_field("alternative", "\"different\", \"greater\" or \"less\"");
}

int compare_samples(Call& call) {
    const auto fields = call.fields(3, "options", {"alternative", "permutations", "seed"});
    ComparisonOptions options;
    options.alternative = alternative_of(fields);
    options.permutations = static_cast<int>(integer_field(fields, "permutations", options.permutations, 99,
                                                          max_permutations, "a whole number from 99 to 1,000,000"));
    options.seed = static_cast<std::uint64_t>(fields.integer_or("seed", 1));
    return call.work([before = numbers_at(call, 1, "before", 1), after = numbers_at(call, 2, "after", 1),
                      options](std::stop_token stop) -> Finish {
        return [found = compare(before, after, options, stop)](Call& results) {
            results.new_table(0, 4);
            results.field("before", found.before).field("after", found.after);
            results.field("shift", found.shift).field("p", found.p);
            return 1;
        };
    });
}

ChangePointOptions change_point_options(Call& call) {
    const auto fields = call.fields(
        2, "options", {"relative", "min_segment", "max_p", "min_change", "min_ratio", "permutations", "seed"});
    ChangePointOptions options;
    options.relative = fields.flag("relative", options.relative);
    options.min_segment =
        static_cast<std::size_t>(integer_field(fields, "min_segment", static_cast<std::int64_t>(options.min_segment), 2,
                                               1'000'000, "a whole number of at least 2"));
    options.max_p = number_field(fields, "max_p", options.max_p, 1, "a number from 0 to 1");
    options.min_change = number_field(fields, "min_change", 0, INFINITY, "a number of at least 0");
    options.min_ratio = number_field(fields, "min_ratio", 0, INFINITY, "a number of at least 0");
    options.permutations = static_cast<int>(integer_field(fields, "permutations", options.permutations, 99,
                                                          max_permutations, "a whole number from 99 to 1,000,000"));
    options.seed = static_cast<std::uint64_t>(fields.integer_or("seed", 1));
    return options;
}

int find_change_points(Call& call) {
    const auto options = change_point_options(call);
    return call.work([values = numbers_at(call, 1, "values", 0), options](std::stop_token stop) -> Finish {
        return [found = change_points(values, options, stop)](Call& results) {
            results.new_table(found.size());
            for (std::size_t i = 0; i < found.size(); ++i) {
                results.new_table(0, 4).field("index", found[i].index + 1);
                results.field("before", found[i].before).field("after", found[i].after).field("p", found[i].p);
                results.seti(static_cast<int>(i + 1));
            }
            return 1;
        };
    });
}

// The secret METRICS_TOKEN for requests to the origin of a URL: as a bearer, or with a user as their password.
int credential(Call& call) {
    const std::string user(call.text_or(2, "user", ""));
    const auto found =
        find_credential(call.host().vault(), "METRICS_TOKEN", http::parse_url(call.text(1, "url")).origin(),
                        user.empty() ? "Bearer" : "Basic", user);
    if (!found) return call.give(nullptr);
    return bind::credential_type.give(call, std::make_shared<Credential>(*found));
}

constexpr Function functions[]{{"quantiles", quantiles},
                               {"compare", compare_samples, Waits::yes},
                               {"change_points", find_change_points, Waits::yes},
                               {"credential", credential}};

}  // namespace
}  // namespace uhost::metrics

extern "C" int luaopen_uhost_metrics(lua_State* L) {
    return uhost::bind::module(L, "metrics", uhost::metrics::functions);
}
