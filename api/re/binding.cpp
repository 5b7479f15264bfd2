// `re`: regular expressions (PCRE2). Callbacks, iterators and the classes that scripts see are Lua, in init.lua.
#include "api/re/binding_pattern.hpp"
#include "api/re/substitute.hpp"

namespace uhost::re {
namespace {

using bind::Call;
using bind::Function;
using bind::Waits;

std::string describe(const void* object) {
    const auto& regex = static_cast<const Matcher*>(object)->regex();
    return regex.pattern() + (regex.flags().letters().empty() ? "" : ", " + regex.flags().letters());
}

int compile(Call& call) {
    auto regex = Regex::get(call.text(1, "pattern"), flags_at(call, 2));
    return pattern_type.give(call, std::make_shared<Matcher>(std::move(regex)));
}

// Where to begin, from 0; behind the subject when there is nothing to find any more.
std::size_t start_at(const Call& call, int index) {
    return call.absent(index) ? 0 : static_cast<std::size_t>(call.integer(index, "start", 1)) - 1;
}

std::optional<Groups> find_from(const Call& call, bool not_empty = false) {
    auto& matcher = pattern_type.from(call);
    const auto subject = call.text(2, "subject");
    const auto start = start_at(call, 3);
    if (start > subject.size() || !matcher.find(subject, start, not_empty)) return std::nullopt;
    return matcher.groups();
}

void push_match(Call& call, const Groups& groups) {
    push_captures(call, pattern_type.from(call).regex(), call.text(2, "subject"), groups);
}

// As string.find counts: the first byte from 1, and the last, which is before the first when the match is empty.
void push_place(Call& call, const Span& span) { call.push(span.begin + 1).push(span.end); }

int match(Call& call) {
    const auto groups = find_from(call);
    if (!groups) return call.give(nullptr);
    push_match(call, *groups);
    return 1;
}

int find(Call& call) {
    const auto groups = find_from(call);
    if (!groups) return call.give(nullptr);
    push_place(call, *groups->front());
    push_match(call, *groups);
    return 3;
}

void push_span(Call& call, const Span& span) { call.new_table(2).push(span.begin + 1).seti(1).push(span.end).seti(2); }

// The match with where its groups are: {first, last, captures, spans}.
int exec(Call& call) {
    const auto groups = find_from(call);
    if (!groups) return call.give(nullptr);
    const auto& names = pattern_type.from(call).regex().names();
    call.new_table(0, 4).field("first", groups->front()->begin + 1).field("last", groups->front()->end);
    push_match(call, *groups);
    call.set("captures").new_table(groups->size(), names.size());
    int number = 0;
    for (const auto& span : *groups) {
        if (span) {
            push_span(call, *span);
            call.seti(number);
        }
        ++number;
    }
    for (const auto& [name, group] : names) {
        if (const auto& span = (*groups)[group]) {
            push_span(call, *span);
            call.set(name.c_str());
        }
    }
    call.set("spans");
    return 1;
}

int test(Call& call) {
    auto& matcher = pattern_type.from(call);
    const auto subject = call.text(2, "subject");
    const auto start = start_at(call, 3);
    return call.give(start <= subject.size() && matcher.find(subject, start));
}

int count(Call& call) { return call.give(pattern_type.from(call).count(call.text(2, "subject"))); }

int count_steps(Call& call) {
    const auto max_steps = static_cast<std::uint64_t>(call.integer(3, "max_steps", 1));
    const auto steps = pattern_type.from(call).regex().count_steps(call.text(2, "subject"), max_steps);
    return steps ? call.give(static_cast<double>(*steps)) : call.give(nullptr);
}

// next(pattern, subject, start, not_empty): captures, first, last; for loops in Lua.
int next(Call& call) {
    const auto groups = find_from(call, call.boolean_or(4, "not_empty", false));
    if (!groups) return call.give(nullptr);
    push_match(call, *groups);
    push_place(call, *groups->front());
    return 3;
}

std::uint64_t limit_at(const Call& call, int index) {
    return call.absent(index) ? UINT64_MAX : static_cast<std::uint64_t>(call.integer(index, "limit", 0));
}

int replace(Call& call) {
    const auto& matcher = pattern_type.from(call);
    const auto result =
        substitute(matcher.regex(), call.text(2, "subject"), call.text(3, "replacement"), limit_at(call, 4));
    call.push(result.text).push(result.count);
    return 2;
}

// Pieces between matches. An empty match splits between characters, never at an end of the subject.
int split(Call& call) {
    auto& matcher = pattern_type.from(call);
    const auto subject = call.text(2, "subject");
    const auto limit = limit_at(call, 3);
    std::size_t begin = 0;
    int pieces = 0;
    call.new_table();
    for (bool found = true; found && static_cast<std::uint64_t>(pieces) + 1 < limit;) {
        found = matcher.find(subject, begin, true) && matcher.whole().begin < subject.size();
        if (!found) break;
        const auto separator = matcher.whole();
        call.push(subject.substr(begin, separator.begin - begin)).seti(++pieces);
        begin = separator.end;
    }
    if (limit > 0) call.push(subject.substr(begin)).seti(++pieces);
    return 1;
}

int escape(Call& call) { return call.give(re::escape(call.text(1, "text"))); }

constexpr Function pattern_methods[]{{"match", match}, {"find", find},   {"exec", exec},
                                     {"test", test},   {"count", count}, {"split", split},
                                     {"count_steps", count_steps}};

constexpr Function functions[]{{"compile", compile},
                               {"match", match},
                               {"find", find},
                               {"test", test},
                               {"count", count},
                               {"next", next},
                               {"replace", replace},
                               {"split", split},
                               {"escape", escape},
                               {"parse", parse},
                               {"groups", groups},
                               {"open_scan", open_scan},
                               {"count_file", count_file, Waits::yes}};

}  // namespace

const bind::Type<Matcher> pattern_type{{"re.Pattern", pattern_methods, describe}};

Flags flags_at(const Call& call, int index) {
    if (call.absent(index)) return {};
    if (call.type(index) == LUA_TSTRING) return Flags::parse(call.text(index, "flags"));
    const auto options = call.fields(index, "flags", {"flags", "utf"});
    auto flags = Flags::parse(options.text_or("flags", ""));
    flags.bytes = flags.bytes || !options.flag("utf", true);
    return flags;
}

void push_captures(Call& call, const Regex& regex, std::string_view subject, const Groups& groups) {
    lua_State* L = call.state();
    call.new_table(groups.size(), regex.names().size());
    int number = 0;
    for (const auto& span : groups) {
        if (span) call.push(span->of(subject)).seti(number);
        ++number;
    }
    for (const auto& [name, group] : regex.names()) {
        if (!groups[group]) continue;
        lua_rawgeti(L, -1, static_cast<int>(group));
        lua_setfield(L, -2, name.c_str());
    }
}

}  // namespace uhost::re

extern "C" int luaopen_uhost_re(lua_State* L) {
    return uhost::bind::module(L, "re", uhost::re::functions, {&uhost::re::pattern_type});
}
