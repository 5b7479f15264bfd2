#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "api/time/duration.hpp"

namespace uhost::time {
namespace {

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
