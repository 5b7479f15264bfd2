#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/time/calendar.hpp"

namespace uhost::time {

/// A length of time in the calendar. Months, days and seconds are kept apart, because a month has no fixed length.
struct Duration {
    std::int64_t months = 0;
    std::int64_t days = 0;
    double seconds = 0;
};

/// Reads "6 months", "2 weeks", "1h 30m", "90 days", "1 year, 2 months and 3 days", "-2 days" and ISO 8601's "P6M",
/// "P1Y2M10DT2H30M". Units, also shortened: y, mo, w, d, h, m (minutes), s, ms, and quarter. Fractions are taken
/// where the result is whole in months or exact in seconds ("1.5 years", "0.5 days"). Nothing for other text.
/// Throws `time.range` beyond 10000 years.
std::optional<Duration> read_duration(std::string_view text);
/// The same; throws `time.syntax` for other text.
Duration parse_duration(std::string_view text);

/// `instant` moved by `times` × `duration`: by its months first (a day that the month does not have becomes its last:
/// January 31 and a month is February 28 or 29), then its days, then its seconds. Throws `time.range`.
Instant add(Instant instant, const Duration& duration, int times = 1);

/// The duration with add(from, difference(from, to)) == to, as many months as fit first, then days, then seconds.
/// All three are negative, or 0, when `to` is earlier.
Duration difference(Instant from, Instant to);

/// For people: "420 ms", "2.5 s", "2 min 3 s", "3 h 4 min", "5 days 2 h"; the two largest units, rounded.
std::string human_text(double seconds);

/// For people, every unit that is not zero: "1 year 2 months 3 days 4 h 5 min".
std::string human_text(const Duration& duration);

}  // namespace uhost::time
