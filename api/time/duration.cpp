#include "api/time/duration.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "api/time/scanner.hpp"
#include "host/core/error.hpp"

namespace uhost::time {
namespace {

constexpr std::size_t max_text_bytes = 200;
// Beyond these nothing stays within the years 1 to 9999.
constexpr double max_months = 12.0 * 10000, max_days = 366.0 * 10000, max_seconds = max_days * seconds_a_day;

struct Length {
    std::string_view name;
    int months, days;
    double seconds;
};

// Named by what people write; a plural "s" is taken off first. "m" is minutes, as in "1h 30m".
constexpr std::array<Length, 22> lengths{{{"year", 12, 0, 0},   {"yr", 12, 0, 0},   {"y", 12, 0, 0},
                                          {"quarter", 3, 0, 0}, {"month", 1, 0, 0}, {"mon", 1, 0, 0},
                                          {"mo", 1, 0, 0},      {"week", 0, 7, 0},  {"wk", 0, 7, 0},
                                          {"w", 0, 7, 0},       {"day", 0, 1, 0},   {"d", 0, 1, 0},
                                          {"hour", 0, 0, 3600}, {"hr", 0, 0, 3600}, {"h", 0, 0, 3600},
                                          {"minute", 0, 0, 60}, {"min", 0, 0, 60},  {"m", 0, 0, 60},
                                          {"second", 0, 0, 1},  {"sec", 0, 0, 1},   {"millisecond", 0, 0, 0.001},
                                          {"ms", 0, 0, 0.001}}};
constexpr Length one_second{"s", 0, 0, 1};

const Length* length_named(std::string_view word) {
    for (const auto& length : lengths) {
        if (word == length.name ||
            (word.size() > 2 && word.ends_with('s') && word.substr(0, word.size() - 1) == length.name))
            return &length;
    }
    return word == one_second.name ? &one_second : nullptr;
}

// "P" comes before "T": in ISO 8601, M means months or minutes by where it stands.
const Length* iso_length(char letter, bool after_t) {
    switch (letter) {
        case 'Y':
            return after_t ? nullptr : length_named("y");
        case 'M':
            return length_named(after_t ? "m" : "mo");
        case 'W':
            return after_t ? nullptr : length_named("w");
        case 'D':
            return after_t ? nullptr : length_named("d");
        case 'H':
            return after_t ? length_named("h") : nullptr;
        case 'S':
            return after_t ? &one_second : nullptr;
        default:
            return nullptr;
    }
}

// Adds `amount` of a unit. False when a fraction of a month would be left.
bool accumulate(Duration& sum, double amount, const Length& length) {
    const double months = amount * length.months;
    if (std::floor(months) != months) return false;
    const double days = amount * length.days, whole_days = std::trunc(days);
    sum.months += static_cast<std::int64_t>(months);
    sum.days += static_cast<std::int64_t>(whole_days);
    sum.seconds += (days - whole_days) * seconds_a_day + amount * length.seconds;
    return true;
}

std::optional<double> read_amount(Scanner& scanner) {
    const auto whole = scanner.digits(1, 12);
    const auto fraction = whole ? scanner.fraction() : std::nullopt;
    if (!fraction) return std::nullopt;
    return static_cast<double>(*whole) + *fraction;
}

// Between two amounts: blanks, a comma, the word "and", in any mixture.
void skip_joint(Scanner& scanner) {
    scanner.spaces();
    scanner.take(',');
    scanner.spaces();
    Scanner ahead = scanner;
    if (ahead.word() == "and" && ahead.spaces()) scanner = ahead;
}

std::optional<Duration> read_duration_words(Scanner scanner) {
    Duration sum;
    do {
        const auto amount = read_amount(scanner);
        if (!amount) return std::nullopt;
        scanner.spaces();
        if (scanner.peek() == 'M') return std::nullopt;  // months or minutes: who knows
        const auto* length = length_named(scanner.word());
        if (length == nullptr || !accumulate(sum, *amount, *length)) return std::nullopt;
        skip_joint(scanner);
    } while (!scanner.done());
    return sum;
}

std::optional<Duration> read_iso_duration(Scanner scanner) {
    if (!scanner.take('P') || scanner.done()) return std::nullopt;
    Duration sum;
    bool after_t = false;
    while (!scanner.done()) {
        if (!after_t && scanner.take('T')) after_t = true;
        const auto amount = read_amount(scanner);
        if (!amount) return std::nullopt;
        const auto* length = iso_length(scanner.peek(), after_t);
        if (length == nullptr || !accumulate(sum, *amount, *length)) return std::nullopt;
        scanner.take(scanner.peek());
    }
    return sum;
}

Duration scaled(const Duration& duration, int times) {
    return {duration.months * times, duration.days * times, duration.seconds * times + 0.0};  // never -0
}

void check_range(const Duration& duration) {
    if (std::abs(static_cast<double>(duration.months)) <= max_months &&
        std::abs(static_cast<double>(duration.days)) <= max_days && std::abs(duration.seconds) <= max_seconds) {
        return;
    }
    throw Error("time.range", "a duration of more than 10000 years leads outside the years 1 to 9999");
}

std::string counted(std::int64_t count, const char* unit, bool plural) {
    return fmt::format("{} {}{}", count, unit, plural && count != 1 ? "s" : "");
}

// The greater unit, and the smaller if there is any of it.
std::string two_units(std::int64_t count, std::int64_t ratio, const char* large, bool plural, const char* small) {
    auto text = counted(count / ratio, large, plural);
    if (count % ratio != 0) text += fmt::format(" {} {}", count % ratio, small);
    return text;
}

std::string positive_text(double seconds) {
    if (seconds == 0) return "0 s";
    if (seconds < 0.0009995) return fmt::format("{:.3g} ms", seconds * 1000);
    if (seconds < 0.9995) return fmt::format("{} ms", std::llround(seconds * 1000));
    if (seconds < 9.95) return fmt::format("{:g} s", std::round(seconds * 10) / 10);
    const auto whole = std::llround(seconds);
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return two_units(whole, 60, "min", false, "s");
    const auto minutes = std::llround(seconds / 60);
    if (minutes < 24 * 60) return two_units(minutes, 60, "h", false, "min");
    return two_units(std::llround(seconds / 3600), 24, "day", true, "h");
}

}  // namespace

std::optional<Duration> read_duration(std::string_view text) {
    Scanner scanner(text.size() <= max_text_bytes ? text : std::string_view());
    scanner.spaces();
    const int sign = scanner.take('-') ? -1 : 1;
    scanner.spaces();
    auto duration = read_iso_duration(scanner);
    if (!duration) duration = read_duration_words(scanner);
    if (!duration) return std::nullopt;
    check_range(*duration);
    return scaled(*duration, sign);
}

Duration parse_duration(std::string_view text) {
    if (const auto duration = read_duration(text)) return *duration;
    throw Error("time.syntax", fmt::format("cannot read '{}' as a duration", text.substr(0, 60)))
        .hint("write \"6 months\", \"2 weeks\", \"90 days\", \"1h 30m\" (m is minutes, mo months) or ISO 8601's P6M");
}

Instant add(Instant instant, const Duration& duration, int times) {
    check_range(duration);
    const auto moved = scaled(duration, times);
    return checked(checked(add_months(instant, moved.months) + static_cast<double>(moved.days) * seconds_a_day) +
                   moved.seconds);
}

Duration difference(Instant from, Instant to) {
    const auto begin = parts_of(from), end = parts_of(to);
    const std::int64_t sign = to < from ? -1 : 1;
    auto months = std::int64_t{12} * (end.year - begin.year) + end.month - begin.month;
    // The months between the two dates may be one too many, when the last is not a whole one.
    if (months != 0 && sign * (to - add_months(from, months)) < 0) months -= sign;
    const double rest = to - add_months(from, months);
    const double days = std::trunc(rest / seconds_a_day);
    return {months, static_cast<std::int64_t>(days), rest - days * seconds_a_day};
}

std::string human_text(double seconds) {
    if (!std::isfinite(seconds)) return "forever";
    return seconds < 0 ? fmt::format("-{}", positive_text(-seconds)) : positive_text(seconds);
}

std::string human_text(const Duration& duration) {
    std::vector<std::string> pieces;
    const auto add = [&](std::int64_t count, const char* unit) {
        if (count != 0) pieces.push_back(counted(count, unit, true));
    };
    add(duration.months / 12, "year");
    add(duration.months % 12, "month");
    add(duration.days, "day");
    if (duration.seconds != 0 || pieces.empty()) pieces.push_back(human_text(duration.seconds));
    return fmt::format("{}", fmt::join(pieces, " "));
}

}  // namespace uhost::time
