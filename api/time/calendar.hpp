#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace uhost::time {

/// A point in time as Unix seconds, UTC, without leap seconds. A double keeps microseconds until the year 2255.
/// The calendar is the Gregorian one, also before 1582, for the years 1 to 9999.
using Instant = double;

/// 0001-01-01T00:00:00Z and 10000-01-01T00:00:00Z, which is the first instant that is out.
constexpr Instant first_instant = -62135596800.0;
constexpr Instant end_of_time = 253402300800.0;
constexpr double seconds_a_day = 86400;

/// An instant taken apart. `weekday` runs from 1, Monday, to 7; `week` is the ISO 8601 week, of `week_year`.
struct Parts {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0;
    double second = 0;
    int weekday = 4, year_day = 1, week = 1, week_year = 1970;
};

enum class Unit { year, quarter, month, week, day, hour, minute };

/// Throws `time.range` unless the instant lies in the years 1 to 9999.
Instant checked(Instant instant);

Parts parts_of(Instant instant);

/// The instant of a date and a time of day; the other fields are not looked at. Throws `time.range` naming the field
/// that does not exist ("February 2026 has 28 days"). A second of 60 (a leap second) counts as the next minute's first.
Instant instant_of(const Parts& parts);

/// The same time of day that many months later (or earlier); a day that the month does not have becomes its last.
Instant add_months(Instant instant, std::int64_t months);

/// When the unit that holds the instant began; weeks begin on Monday.
Instant start_of(Unit unit, Instant instant);

/// "2026-01-31".
std::string date_text(Instant instant);

/// "2026-01-31T12:00:00Z": the fraction is dropped, or rounded to `decimals` (up to 6) digits.
std::string iso_text(Instant instant, int decimals = 0);

/// Seconds since some moment, which never jump.
double monotonic();

}  // namespace uhost::time
