#include "host/core/iso_time.hpp"

#include <fmt/format.h>

namespace uhost {

std::string iso_time(std::int64_t unix_seconds) {
    constexpr std::int64_t day_seconds = 86400;
    const std::int64_t second_of_day = (unix_seconds % day_seconds + day_seconds) % day_seconds;
    const std::int64_t days = (unix_seconds - second_of_day) / day_seconds;
    // From days to a date without the limits of <chrono> (years up to 32767): years begin in March, eras have 400.
    // https://howardhinnant.github.io/date_algorithms.html#civil_from_days
    constexpr std::int64_t era_days = 146097;
    const std::int64_t shifted = days + 719468;  // since 0000-03-01
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - era_days + 1) / era_days;
    const std::int64_t day_of_era = shifted - era * era_days;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    if (year < 0 || year > 9999) {
        return fmt::format("{:+05}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, second_of_day / 3600,
                           second_of_day / 60 % 60, second_of_day % 60);
    }
    // By hand: a log of commits has three times in each.
    std::string text = "0000-00-00T00:00:00Z";
    const auto put = [&](std::size_t end, std::int64_t number) {
        for (; number > 0; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
    };
    put(4, year);
    put(7, month);
    put(10, day);
    put(13, second_of_day / 3600);
    put(16, second_of_day / 60 % 60);
    put(19, second_of_day % 60);
    return text;
}

}  // namespace uhost
