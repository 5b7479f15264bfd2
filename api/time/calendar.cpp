#include "api/time/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "host/core/error.hpp"
#include "host/core/iso_time.hpp"

namespace uhost::time {
namespace {

const UsageErrors usage_errors("time");

namespace chrono = std::chrono;


constexpr std::array<const char*, 12> month_names{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};

struct Split {
    chrono::sys_days day;
    double second_of_day;
};

Split split(Instant instant) {
    const double days = std::floor(checked(instant) / seconds_a_day);
    return {chrono::sys_days(chrono::days(static_cast<int>(days))), instant - days * seconds_a_day};
}

Instant join(chrono::sys_days day, double second_of_day) {
    return checked(static_cast<double>(day.time_since_epoch().count()) * seconds_a_day + second_of_day);
}

void check_field(const char* name, double value, double least, double most) {
    if (value >= least && value <= most) return;
    throw Error("time.range", fmt::format("the {} of a time is from {} to {}, not {}", name, least, most, value))
        .with("field", std::string(name));
}

int last_day(chrono::year_month month) { return static_cast<int>(static_cast<unsigned>((month / chrono::last).day())); }

void check_day(int year, int month, int day) {
    const int last = last_day(chrono::year(year) / chrono::month(static_cast<unsigned>(month)));
    if (day >= 1 && day <= last) return;
    const auto* name = month_names[static_cast<std::size_t>(month - 1)];
    throw Error("time.range", fmt::format("{} {} has {} days, there is no day {}", name, year, last, day))
        .with("field", std::string("day"));
}

// ISO 8601: the week of a day is that of its Thursday, and belongs to that day's year.
void set_week(Parts& parts, chrono::sys_days day) {
    const auto thursday = day + chrono::days(4 - parts.weekday);
    const auto year = chrono::year_month_day(thursday).year();
    parts.week_year = static_cast<int>(year);
    parts.week = static_cast<int>((thursday - chrono::sys_days(year / 1 / 1)).count() / 7 + 1);
}

}  // namespace

Instant checked(Instant instant) {
    if (instant >= first_instant && instant < end_of_time) return instant;
    throw Error("time.range", fmt::format("the time {:.17g} lies outside the years 1 to 9999", instant))
        .hint("times are Unix seconds; is it in milliseconds?");
}

Parts parts_of(Instant instant) {
    const auto [day, second_of_day] = split(instant);
    const chrono::year_month_day date(day);
    Parts parts;
    parts.year = static_cast<int>(date.year());
    parts.month = static_cast<int>(static_cast<unsigned>(date.month()));
    parts.day = static_cast<int>(static_cast<unsigned>(date.day()));
    const int whole = static_cast<int>(second_of_day);
    parts.hour = whole / 3600;
    parts.minute = whole / 60 % 60;
    parts.second = second_of_day - parts.hour * 3600 - parts.minute * 60;
    parts.weekday = static_cast<int>(chrono::weekday(day).iso_encoding());
    parts.year_day = static_cast<int>((day - chrono::sys_days(date.year() / 1 / 1)).count() + 1);
    set_week(parts, day);
    return parts;
}

Instant instant_of(const Parts& parts) {
    check_field("year", parts.year, 1, 9999);
    check_field("month", parts.month, 1, 12);
    check_day(parts.year, parts.month, parts.day);
    const bool midnight = parts.hour == 24 && parts.minute == 0 && parts.second == 0;  // ISO 8601: the day's end
    if (!midnight) check_field("hour", parts.hour, 0, 23);
    check_field("minute", parts.minute, 0, 59);
    if (!(parts.second >= 0 && parts.second < 61)) check_field("second", parts.second, 0, 60);
    const auto date = chrono::year(parts.year) / parts.month / parts.day;
    return join(chrono::sys_days(date), parts.hour * 3600 + parts.minute * 60 + parts.second);
}

Instant add_months(Instant instant, std::int64_t months) {
    const auto [day, second_of_day] = split(instant);
    if (months < -120000 || months > 120000) return checked(months < 0 ? first_instant - 1 : end_of_time);
    const chrono::year_month_day date(day);
    const auto month = date.year() / date.month() + chrono::months(static_cast<int>(months));
    const auto day_of_month = std::min(static_cast<int>(static_cast<unsigned>(date.day())), last_day(month));
    return join(chrono::sys_days(month / day_of_month), second_of_day);
}

Instant start_of(Unit unit, Instant instant) {
    const auto [day, second_of_day] = split(instant);
    const chrono::year_month_day date(day);
    const auto quarter = (static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1;
    switch (unit) {
        case Unit::year:
            return join(chrono::sys_days(date.year() / 1 / 1), 0);
        case Unit::quarter:
            return join(chrono::sys_days(date.year() / chrono::month(quarter) / 1), 0);
        case Unit::month:
            return join(chrono::sys_days(date.year() / date.month() / 1), 0);
        case Unit::week:
            return join(day - (chrono::weekday(day) - chrono::Monday), 0);
        case Unit::day:
            return join(day, 0);
        case Unit::hour:
            return join(day, std::floor(second_of_day / 3600) * 3600);
        case Unit::minute:
            return join(day, std::floor(second_of_day / 60) * 60);
    }
    return instant;
}

std::string date_text(Instant instant) {
    const auto parts = parts_of(instant);
    return fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day);
}

std::string iso_text(Instant instant, int decimals) {
    // Rounded first, so that 59.9996 becomes the next minute and never ":60".
    const double scale = std::pow(10.0, decimals);
    const double ticks = decimals == 0 ? std::floor(instant) : std::nearbyint(checked(instant) * scale);
    const double whole = std::floor(ticks / scale);
    auto text = iso_time(static_cast<std::int64_t>(checked(whole)));
    if (decimals == 0) return text;
    text.pop_back();
    return text + fmt::format(".{:0{}}Z", static_cast<std::int64_t>(ticks - whole * scale), decimals);
}

double monotonic() { return chrono::duration<double>(chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace uhost::time
