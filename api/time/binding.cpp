// `time`: instants as Unix seconds, UTC, and calendar arithmetic on them.
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

#include "api/time/calendar.hpp"
#include "api/time/duration.hpp"
#include "api/time/parse.hpp"
#include "host/bind/module.hpp"
#include "host/runtime/host.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;
using time::Duration;
using time::Instant;

// By the host's clock.
Instant now_of(const Call& call) { return std::chrono::duration<double>(call.host().now().time_since_epoch()).count(); }

Instant instant_or_now(const Call& call, int index, const char* name) {
    return call.absent(index) ? now_of(call) : time::checked(call.number(index, name));
}

// A number of seconds, a text such as "6 months", or what `time.duration` gives.
Duration duration_at(const Call& call, int index) {
    switch (call.type(index)) {
        case LUA_TNUMBER:
            return {.seconds = call.number(index, "duration")};
        case LUA_TSTRING:
            return time::parse_duration(call.text(index, "duration"));
        case LUA_TTABLE:
            break;
        default:
            call.bad_argument(index, "duration", "a duration (\"6 months\"), its table or a number of seconds");
    }
    const auto fields = call.fields(index, "duration", {"months", "days", "seconds"});
    return {fields.integer_or("months", 0), fields.integer_or("days", 0), fields.number("seconds").value_or(0)};
}

int give_duration(Call& call, const Duration& duration) {
    call.new_table(0, 3)
        .field("months", duration.months)
        .field("days", duration.days)
        .field("seconds", duration.seconds);
    return 1;
}

int now(Call& call) { return call.give(now_of(call)); }
int monotonic(Call& call) { return call.give(time::monotonic()); }
int parse(Call& call) { return call.give(time::parse(call.text(1, "text"))); }
int resolve(Call& call) {
    return call.give(time::resolve(call.text(1, "text"), instant_or_now(call, 2, "from")));
}

int date(Call& call) { return call.give(time::date_text(instant_or_now(call, 1, "instant"))); }

int iso(Call& call) {
    const auto instant = instant_or_now(call, 1, "instant");
    const auto options = call.fields(2, "options", {"decimals"});
    const auto decimals = options.integer_or("decimals", 0);
    if (decimals < 0 || decimals > 6) options.bad_field("decimals", "a whole number from 0 to 6");
    return call.give(time::iso_text(instant, static_cast<int>(decimals)));
}

int duration(Call& call) { return give_duration(call, time::parse_duration(call.text(1, "text"))); }
int add(Call& call) { return call.give(time::add(call.number(1, "instant"), duration_at(call, 2))); }
int subtract(Call& call) { return call.give(time::add(call.number(1, "instant"), duration_at(call, 2), -1)); }
int ago(Call& call) { return call.give(time::add(instant_or_now(call, 2, "from"), duration_at(call, 1), -1)); }

int difference(Call& call) {
    return give_duration(call,
                         time::difference(time::checked(call.number(1, "from")), time::checked(call.number(2, "to"))));
}

int human(Call& call) {
    if (call.type(1) == LUA_TNUMBER) return call.give(time::human_text(call.number(1, "seconds")));
    return call.give(time::human_text(duration_at(call, 1)));
}

int parts(Call& call) {
    const auto parts = time::parts_of(instant_or_now(call, 1, "instant"));
    call.new_table(0, 10).field("year", parts.year).field("month", parts.month).field("day", parts.day);
    call.field("hour", parts.hour).field("minute", parts.minute).field("second", parts.second);
    call.field("weekday", parts.weekday).field("year_day", parts.year_day);
    call.field("week", parts.week).field("week_year", parts.week_year);
    return 1;
}

int from_parts(Call& call) {
    call.table(1, "parts");
    // What `parts` gives is taken back; weekday, year_day and week follow from the date and are not looked at.
    const auto fields = call.fields(
        1, "parts", {"year", "month", "day", "hour", "minute", "second", "weekday", "year_day", "week", "week_year"});
    if (!fields.has("year")) fields.bad_field("year", "a whole number");
    const auto field = [&](const char* name, int fallback) {
        const auto value = fields.integer_or(name, fallback);
        if (value < 0 || value > 9999) fields.bad_field(name, "a number that fits");
        return static_cast<int>(value);
    };
    time::Parts parts;
    parts.year = field("year", 1);
    parts.month = field("month", 1);
    parts.day = field("day", 1);
    parts.hour = field("hour", 0);
    parts.minute = field("minute", 0);
    parts.second = fields.number("second").value_or(0);
    return call.give(time::instant_of(parts));
}

constexpr std::array<std::pair<std::string_view, time::Unit>, 7> units{{{"year", time::Unit::year},
                                                                        {"quarter", time::Unit::quarter},
                                                                        {"month", time::Unit::month},
                                                                        {"week", time::Unit::week},
                                                                        {"day", time::Unit::day},
                                                                        {"hour", time::Unit::hour},
                                                                        {"minute", time::Unit::minute}}};

int start_of(Call& call) {
    const auto wanted = call.text(1, "unit");
    for (const auto& [name, unit] : units) {
        if (name == wanted) return call.give(time::start_of(unit, instant_or_now(call, 2, "instant")));
    }
    throw Error("argument",
                fmt::format("bad argument #1 'unit' to 'time.start_of': no unit is called '{}'", wanted.substr(0, 40)))
        .hint("units are year, quarter, month, week, day, hour and minute");
}

constexpr Function functions[]{{"now", now},
                               {"monotonic", monotonic},
                               {"iso", iso},
                               {"date", date},
                               {"parse", parse},
                               {"resolve", resolve},
                               {"duration", duration},
                               {"add", add},
                               {"subtract", subtract},
                               {"ago", ago},
                               {"difference", difference},
                               {"human", human},
                               {"parts", parts},
                               {"from_parts", from_parts},
                               {"start_of", start_of}};

}  // namespace

extern "C" int luaopen_uhost_time(lua_State* L) { return bind::module(L, "time", functions); }
