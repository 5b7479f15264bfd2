#include <catch2/catch.hpp>
#include <random>

#include "api/time/calendar.hpp"
#include "api/time/duration.hpp"
#include "api/time/parse.hpp"
#include "host/core/error.hpp"

using namespace uhost;
using namespace uhost::time;

namespace {

std::string kind_of(const auto& body) {
    try {
        body();
    } catch (const Error& error) {
        return error.kind();
    }
    return "";
}

/// Whole seconds over all of the calendar.
Instant any_instant(std::mt19937_64& random) {
    std::uniform_int_distribution<std::int64_t> seconds(static_cast<std::int64_t>(first_instant),
                                                        static_cast<std::int64_t>(end_of_time) - 1);
    return static_cast<double>(seconds(random));
}

}  // namespace

TEST_CASE("time: every instant of the calendar survives being taken apart, written and read") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 100'000; ++i) {
        const auto instant = any_instant(random);
        const auto parts = parts_of(instant);
        if (instant_of(parts) != instant || parse(iso_text(instant)) != instant) FAIL(iso_text(instant));
        CHECK((parts.weekday >= 1 && parts.weekday <= 7 && parts.week >= 1 && parts.week <= 53));
    }
}

TEST_CASE("time: the calendar's edges are in, what lies beyond is refused") {
    CHECK(iso_text(first_instant) == "0001-01-01T00:00:00Z");
    CHECK(iso_text(end_of_time - 1) == "9999-12-31T23:59:59Z");
    CHECK(kind_of([] { iso_text(first_instant - 1); }) == "time.range");
    CHECK(kind_of([] { iso_text(end_of_time); }) == "time.range");
    CHECK(kind_of([] { iso_text(NAN); }) == "time.range");
    CHECK(kind_of([] { iso_text(end_of_time - 0.1, 0); }).empty());
    CHECK(kind_of([] { iso_text(end_of_time - 0.1, 1); }).empty());
    CHECK(kind_of([] { iso_text(end_of_time - 0.001, 1); }) == "time.range");
}

TEST_CASE("time: rounding carries into minutes and days, never to second 60") {
    CHECK(iso_text(parse("2025-12-31T23:59:59.9996Z"), 3) == "2026-01-01T00:00:00.000Z");
    CHECK(iso_text(parse("2025-12-31T23:59:59.9994Z"), 3) == "2025-12-31T23:59:59.999Z");
    CHECK(iso_text(-0.25, 2) == "1969-12-31T23:59:59.75Z");
    CHECK(iso_text(-0.25) == "1969-12-31T23:59:59Z");
}

TEST_CASE("time: ISO weeks at the turn of years") {
    // From the examples of ISO 8601 and the years that begin on each weekday.
    const auto week = [](const char* date) {
        const auto parts = parts_of(parse(date));
        return std::pair(parts.week_year, parts.week);
    };
    CHECK(week("2005-01-01") == std::pair(2004, 53));
    CHECK(week("2007-12-31") == std::pair(2008, 1));
    CHECK(week("2008-12-28") == std::pair(2008, 52));
    CHECK(week("2010-01-03") == std::pair(2009, 53));
    CHECK(week("2026-01-01") == std::pair(2026, 1));
}

TEST_CASE("time: months keep the day, or take the month's last") {
    const auto moved = [](const char* date, std::int64_t months) { return date_text(add_months(parse(date), months)); };
    CHECK(moved("2026-01-31", 1) == "2026-02-28");
    CHECK(moved("2024-01-31", 1) == "2024-02-29");
    CHECK(moved("2026-03-31", -1) == "2026-02-28");
    CHECK(moved("2026-01-15", -13) == "2024-12-15");
    CHECK(kind_of([&] { moved("9999-12-01", 1); }) == "time.range");
    CHECK(kind_of([&] { moved("2026-01-01", INT64_MIN); }) == "time.range");
}

TEST_CASE("time: a difference, added, gives the other end; its parts have one sign and are as great as can be") {
    std::mt19937_64 random(2);
    for (int i = 0; i < 50'000; ++i) {
        const auto from = any_instant(random), to = any_instant(random);
        const auto length = difference(from, to);
        if (add(from, length) != to) FAIL(iso_text(from) << " to " << iso_text(to));
        const double sign = to < from ? -1 : 1;
        CHECK((sign * static_cast<double>(length.months) >= 0 && sign * static_cast<double>(length.days) >= 0 &&
               sign * length.seconds >= 0));
        CHECK((std::abs(length.days) <= 31 && std::abs(length.seconds) < 86400));
    }
}

TEST_CASE("time: the start of a unit is its first instant") {
    std::mt19937_64 random(3);
    for (int i = 0; i < 20'000; ++i) {
        const auto instant = any_instant(random);
        if (instant < first_instant + 366 * 86400) continue;
        for (const auto unit :
             {Unit::year, Unit::quarter, Unit::month, Unit::week, Unit::day, Unit::hour, Unit::minute}) {
            const auto start = start_of(unit, instant);
            CHECK((start <= instant && start_of(unit, start) == start && start_of(unit, start - 1) < start));
        }
        CHECK(parts_of(start_of(Unit::week, instant)).weekday == 1);
    }
}

TEST_CASE("time: damaged texts are read or refused as time.syntax or time.range, nothing else") {
    std::mt19937_64 random(4);
    const std::string_view alphabet = "0123456789-:TZ+., PYMDWHSdaysmonthJan@\0";
    const std::vector<std::string> seeds{
        "2026-01-31T12:00:00.25+01:00",   "Sat, 31 Jan 2026 12:00:00 +0100", "@1769860800 +0100",
        "Sat Jan 31 12:00:00 2026 +0100", "1 year, 2 months and 3 days",     "P1Y2M10DT2H30M"};
    for (int i = 0; i < 100'000; ++i) {
        auto text = seeds[random() % seeds.size()];
        for (auto changes = random() % 4; changes > 0; --changes)
            text[random() % text.size()] = alphabet[random() % alphabet.size()];
        for (const auto& kind : {kind_of([&] { parse(text); }), kind_of([&] { parse_duration(text); })}) {
            if (!kind.empty() && kind != "time.syntax" && kind != "time.range") FAIL(text << ": " << kind);
        }
    }
}

TEST_CASE("time: lengths for people") {
    CHECK(human_text(0.0) == "0 s");
    CHECK(human_text(0.42) == "420 ms");
    CHECK(human_text(0.9999) == "1 s");
    CHECK(human_text(2.34) == "2.3 s");
    CHECK(human_text(59.7) == "1 min");
    CHECK(human_text(123.0) == "2 min 3 s");
    CHECK(human_text(3599.9) == "1 h");
    CHECK(human_text(11040.0) == "3 h 4 min");
    CHECK(human_text(86400.0 * 5 + 7300) == "5 days 2 h");
    CHECK(human_text(-90.0) == "-1 min 30 s");
    CHECK(human_text(Duration{14, 3, 5400}) == "1 year 2 months 3 days 1 h 30 min");
    CHECK(human_text(Duration{}) == "0 s");
}

TEST_CASE("time: what people write for a point in time is resolved against a moment") {
    const auto from = parse("2026-03-31T12:30:00Z");
    const auto resolved = [&](std::string_view text) { return iso_text(resolve(text, from)); };
    CHECK(resolved("3 months") == "2025-12-31T12:30:00Z");
    CHECK(resolved(" 3 months ago ") == "2025-12-31T12:30:00Z");
    CHECK(resolved("1 month") == "2026-02-28T12:30:00Z");
    CHECK(resolved("-2 days") == "2026-04-02T12:30:00Z");
    CHECK(resolved("now") == "2026-03-31T12:30:00Z");
    CHECK(resolved("today") == "2026-03-31T00:00:00Z");
    CHECK(resolved("yesterday") == "2026-03-30T00:00:00Z");
    CHECK(resolved("2026-01-31") == "2026-01-31T00:00:00Z");
    for (const auto* text : {"soon", "", "ago", "3 monthsago", "today ago"}) {
        CHECK_THROWS_AS(resolve(text, from), uhost::Error);
    }
}
