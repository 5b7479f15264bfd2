#include "api/time/parse.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "api/time/duration.hpp"
#include "api/time/scanner.hpp"
#include "host/core/error.hpp"

namespace uhost::time {
namespace {

using Reading = std::optional<Instant>;

struct Zone {
    std::string_view name;
    int hours;
};
// Those of RFC 5322, section 4.3, and ISO 8601's Z.
constexpr std::array<Zone, 12> zones{{{"z", 0},
                                      {"utc", 0},
                                      {"gmt", 0},
                                      {"ut", 0},
                                      {"est", -5},
                                      {"edt", -4},
                                      {"cst", -6},
                                      {"cdt", -5},
                                      {"mst", -7},
                                      {"mdt", -6},
                                      {"pst", -8},
                                      {"pdt", -7}}};

// Seconds east of UTC: "Z", "+01:00", "-0530", "+01" or a zone's name; UTC when nothing comes next.
std::optional<int> read_offset(Scanner& scanner) {
    scanner.spaces();
    if (scanner.done()) return 0;
    const int sign = scanner.peek() == '-' ? -1 : 1;
    if (scanner.take_any_of("+-")) {
        const auto hours = scanner.digits_ahead() == 4 ? std::nullopt : scanner.digits(2, 2);
        const auto both = hours ? std::nullopt : scanner.digits(4, 4);
        if (!hours && !both) return std::nullopt;
        const auto minutes = both ? both : scanner.take(':') ? scanner.digits(2, 2) : 0;
        if (!minutes) return std::nullopt;
        const auto total = both ? *both / 100 * 60 + *both % 100 : *hours * 60 + *minutes;
        if (total >= 24 * 60 || *minutes % 100 > 59) return std::nullopt;
        return sign * static_cast<int>(total) * 60;
    }
    const auto name = scanner.word();
    for (const auto& zone : zones) {
        if (zone.name == name) return zone.hours * 3600;
    }
    return std::nullopt;
}

// The offset and nothing more.
Reading finish(Scanner& scanner, const Parts& parts) {
    const auto offset = read_offset(scanner);
    scanner.spaces();
    if (!offset || !scanner.done()) return std::nullopt;
    return checked(instant_of(parts) - *offset);
}

bool store(std::optional<std::int64_t> value, int& field) {
    if (value) field = static_cast<int>(*value);
    return value.has_value();
}

bool read_seconds(Scanner& scanner, Parts& parts) {
    const auto whole = scanner.digits(2, 2);
    const auto fraction = whole ? scanner.fraction() : std::nullopt;
    if (fraction) parts.second = static_cast<double>(*whole) + *fraction;
    return fraction.has_value();
}

// "12:00", "12:00:00", "12:00:00.25".
bool read_clock(Scanner& scanner, Parts& parts) {
    if (!store(scanner.digits(1, 2), parts.hour) || !scanner.take(':')) return false;
    if (!store(scanner.digits(2, 2), parts.minute)) return false;
    return !scanner.take(':') || read_seconds(scanner, parts);
}

// "1200", "120000", "120000.25".
bool read_basic_clock(Scanner& scanner, Parts& parts) {
    const auto count = scanner.digits_ahead();
    if (count != 4 && count != 6) return false;
    const auto value = *scanner.digits(4, 6);
    const auto minutes = count == 6 ? value / 100 : value;
    parts.hour = static_cast<int>(minutes / 100);
    parts.minute = static_cast<int>(minutes % 100);
    const auto fraction = scanner.fraction();
    if (fraction) parts.second = (count == 6 ? static_cast<double>(value % 100) : 0) + *fraction;
    return fraction.has_value();
}

Reading read_basic_iso(Scanner scanner) {
    Parts parts;
    const auto date = scanner.digits(8, 8);
    if (!date) return std::nullopt;
    parts.year = static_cast<int>(*date / 10000);
    parts.month = static_cast<int>(*date / 100 % 100);
    parts.day = static_cast<int>(*date % 100);
    if (scanner.take_any_of("Tt") && !read_basic_clock(scanner, parts)) return std::nullopt;
    return finish(scanner, parts);
}

Reading read_iso(Scanner scanner) {
    Parts parts;
    if (!store(scanner.digits(4, 4), parts.year) || !scanner.take('-')) return std::nullopt;
    if (!store(scanner.digits(2, 2), parts.month)) return std::nullopt;
    if (scanner.done()) return instant_of(parts);
    if (!scanner.take('-') || !store(scanner.digits(2, 2), parts.day)) return std::nullopt;
    const bool time_follows = scanner.take_any_of("Tt") || scanner.spaces();
    if (time_follows && !read_clock(scanner, parts)) return std::nullopt;
    if (!time_follows && !scanner.done()) return std::nullopt;
    return finish(scanner, parts);
}

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 12> long_months{"january",   "february", "march",    "april",
                                                       "may",       "june",     "july",     "august",
                                                       "september", "october",  "november", "december"};

bool read_month(const std::string& word, Parts& parts) {
    for (std::size_t i = 0; i < months.size(); ++i) {
        if (word == months[i] || word == long_months[i]) return store(static_cast<std::int64_t>(i) + 1, parts.month);
    }
    return false;
}

bool is_weekday(std::string_view word) {
    for (const auto name : weekdays) {
        if (word == name || word == name.substr(0, 3)) return true;
    }
    return false;
}

// "31 Jan 2026 12:00:00 +0100", after the weekday if there is one.
Reading read_mail(Scanner& scanner) {
    Parts parts;
    if (!store(scanner.digits(1, 2), parts.day) || !(scanner.spaces() || scanner.take('-'))) return std::nullopt;
    if (!read_month(scanner.word(), parts) || !(scanner.spaces() || scanner.take('-'))) return std::nullopt;
    if (!store(scanner.digits(4, 4), parts.year)) return std::nullopt;
    if (scanner.spaces() && scanner.digits_ahead() > 0 && !read_clock(scanner, parts)) return std::nullopt;
    return finish(scanner, parts);
}

// "Jan 31 12:00:00 2026 +0100", after the weekday and with the month read.
Reading read_git(Scanner& scanner, Parts parts) {
    if (!scanner.spaces() || !store(scanner.digits(1, 2), parts.day) || !scanner.spaces()) return std::nullopt;
    if (!read_clock(scanner, parts) || !scanner.spaces()) return std::nullopt;
    if (!store(scanner.digits(4, 4), parts.year)) return std::nullopt;
    return finish(scanner, parts);
}

Reading read_words(Scanner scanner) {
    auto word = scanner.word();
    if (is_weekday(word)) {
        scanner.take(',');
        scanner.spaces();
        word = scanner.word();
    }
    Parts parts;
    if (word.empty()) return read_mail(scanner);
    return read_month(word, parts) ? read_git(scanner, parts) : std::nullopt;
}

// "@SECONDS", or git's raw "SECONDS OFFSET", where the offset only says where the author was.
Reading read_unix(Scanner scanner) {
    const bool marked = scanner.take('@');
    const int sign = marked && scanner.take('-') ? -1 : 1;
    const auto whole = scanner.digits(1, 12);
    const auto fraction = whole ? scanner.fraction() : std::nullopt;
    if (!fraction || (!marked && scanner.done())) return std::nullopt;
    if (!read_offset(scanner) || !scanner.done()) return std::nullopt;
    return checked(sign * (static_cast<double>(*whole) + *fraction));
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

Reading read(std::string_view text) {
    for (const auto read_form : {read_iso, read_basic_iso, read_words, read_unix}) {
        if (const auto instant = read_form(Scanner(text))) return instant;
    }
    return std::nullopt;
}

// "6 months ago" without its last word; other text as it is.
std::string_view without_ago(std::string_view text) {
    constexpr std::string_view ago = "ago";
    if (!text.ends_with(ago)) return text;
    const auto before = text.substr(0, text.size() - ago.size());
    return trimmed(before).size() < before.size() ? trimmed(before) : text;
}

}  // namespace

Instant parse(std::string_view text) {
    const auto wanted = trimmed(text);
    if (const auto instant = read(wanted)) return *instant;
    throw Error("time.syntax", fmt::format("cannot read '{}' as a time", wanted.substr(0, 60)))
        .hint(
            "write 2026-01-31, 2026-01-31T12:00:00Z, 2026-01-31 12:00:00 +0100, \"Sat, 31 Jan 2026 12:00:00 +0100\", "
            "\"Sat Jan 31 12:00:00 2026 +0100\" or @1769860800");
}

Instant resolve(std::string_view text, Instant from) {
    const auto wanted = trimmed(text);
    if (wanted == "now") return checked(from);
    if (wanted == "today") return start_of(Unit::day, from);
    if (wanted == "yesterday") return start_of(Unit::day, checked(from - 86400));
    if (const auto duration = read_duration(without_ago(wanted))) return add(from, *duration, -1);
    if (const auto instant = read(wanted)) return *instant;
    throw Error("time.syntax", fmt::format("cannot read '{}' as a time or a duration", wanted.substr(0, 60)))
        .hint("write a date (2026-01-31), a time (2026-01-31T12:00:00Z) or how long ago (\"6 months\", \"90 days\")");
}

}  // namespace uhost::time
