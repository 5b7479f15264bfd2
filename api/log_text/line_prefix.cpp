#include "api/log_text/line_prefix.hpp"

#include <array>
#include <chrono>
#include <cstring>

namespace uhost::log_text {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t shortest_time = 20;  // 2026-01-31T10:00:00Z
constexpr std::size_t max_name = 512;  // of a job or a step
constexpr std::size_t gitlab_digits = 6;   // of the fraction; GitHub has 7

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Time {
    double seconds;
    std::size_t size;  // in bytes
    std::size_t fraction_digits;
};

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        if (i >= text.size() || !is_digit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool has_shape(std::string_view text) {
    return text.size() >= shortest_time && text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' &&
           text[16] == ':' && is_digit(text[0]);
}

// Seconds east of Greenwich and how many bytes say so: "Z", "+01:00", "+0100".
std::optional<std::pair<int, std::size_t>> zone_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return std::nullopt;
    if (text[at] == 'Z') return std::pair(0, std::size_t{1});
    if (text[at] != '+' && text[at] != '-') return std::nullopt;
    const bool colon = at + 3 < text.size() && text[at + 3] == ':';
    const int hours = number_at(text, at + 1, 2), minutes = number_at(text, at + (colon ? 4 : 3), 2);
    if (hours < 0 || minutes < 0) return std::nullopt;
    const int seconds = hours * 3600 + minutes * 60;
    return std::pair(text[at] == '-' ? -seconds : seconds, std::size_t{colon ? 6U : 5U});
}

std::optional<double> seconds_of_day(std::string_view text) {
    const std::array<int, 6> numbers{number_at(text, 0, 4),  number_at(text, 5, 2),  number_at(text, 8, 2),
                                     number_at(text, 11, 2), number_at(text, 14, 2), number_at(text, 17, 2)};
    for (const int number : numbers) {
        if (number < 0) return std::nullopt;
    }
    using namespace std::chrono;
    const auto date = year(numbers[0]) / numbers[1] / numbers[2];
    if (!date.ok() || numbers[3] > 24 || numbers[4] > 59 || numbers[5] > 60) return std::nullopt;
    return static_cast<double>(sys_days(date).time_since_epoch().count()) * 86400 + numbers[3] * 3600 +
           numbers[4] * 60 + numbers[5];
}

std::optional<Time> time_at_start(std::string_view text) {
    if (!has_shape(text)) return std::nullopt;
    const auto whole = seconds_of_day(text);
    if (!whole) return std::nullopt;
    double seconds = *whole, scale = 0.1;
    std::size_t at = 19, digits = 0;
    if (text[at] == '.' || text[at] == ',') {
        for (++at; at < text.size() && is_digit(text[at]); ++at, ++digits, scale /= 10) {
            seconds += (text[at] - '0') * scale;
        }
        if (digits == 0) return std::nullopt;
    }
    const auto zone = zone_at(text, at);
    if (!zone) return std::nullopt;
    return Time{seconds - zone->first, at + zone->second, digits};
}

std::string_view without_mark(std::string_view text) {
    return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

bool is_gitlab_stream(std::string_view text) {
    const auto hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
    return text.size() >= 4 && hex(text[0]) && hex(text[1]) && (text[2] == 'O' || text[2] == 'E') &&
           (text[3] == ' ' || text[3] == '+');
}

// Takes a time off `prefix.text`; false when there is none.
bool take_time(LinePrefix& prefix) {
    auto text = without_mark(prefix.text);
    const bool bracket = text.starts_with('[');
    if (bracket) text.remove_prefix(1);
    const auto time = time_at_start(text);
    if (!time) return false;
    text.remove_prefix(time->size);
    if (bracket) {
        if (!text.starts_with(']')) return false;
        text.remove_prefix(1);
    }
    if (!text.empty()) {
        if (text[0] != ' ') return false;
        text.remove_prefix(1);
    }
    if (time->fraction_digits == gitlab_digits && is_gitlab_stream(text)) text.remove_prefix(4);
    prefix.time = time->seconds;
    prefix.text = text;
    return true;
}

// "job\tstep\t" where a time follows.
bool take_names(LinePrefix& prefix) {
    const auto find_tab = [&](std::size_t from) {
        const auto part = prefix.text.substr(from, max_name);
        const void* tab = part.empty() ? nullptr : std::memchr(part.data(), '\t', part.size());
        return tab == nullptr ? std::string_view::npos
                              : static_cast<std::size_t>(static_cast<const char*>(tab) - prefix.text.data());
    };
    const auto first = find_tab(0);
    if (first == std::string_view::npos || first == 0) return false;
    const auto second = find_tab(first + 1);
    if (second == std::string_view::npos) return false;
    LinePrefix taken = prefix;
    taken.job = prefix.text.substr(0, first);
    taken.step = prefix.text.substr(first + 1, second - first - 1);
    taken.text = prefix.text.substr(second + 1);
    if (!take_time(taken)) return false;
    prefix = taken;
    return true;
}

}  // namespace

LinePrefix line_prefix(std::string_view line) {
    LinePrefix prefix;
    prefix.text = without_mark(line);
    if (!take_time(prefix)) take_names(prefix);
    return prefix;
}

}  // namespace uhost::log_text
