// `kb`: patterns that are looked for in logs. What knowledge bases are is Lua.
#include <fmt/format.h>

#include <algorithm>

#include "api/kb/binding_cache.hpp"
#include "api/kb/matcher.hpp"
#include "host/bind/object.hpp"
#include "host/runtime/file_access.hpp"
#include "host/runtime/host.hpp"

namespace uhost::kb {
namespace {

using bind::Call;
using bind::Fields;
using bind::Function;
using bind::Waits;

extern const bind::Type<Matcher> matcher_type;
// The class that `log_text` gives to scripts.
const bind::Type<log_text::Log> log_type{{"log_text.Log", {}, nullptr}};

constexpr std::int64_t max_patterns = 100'000;
constexpr std::size_t max_kept = 10'000;

PatternSource read_pattern(const Call& call, int index) {
    const auto fields = call.fields(index, "pattern", {"match", "within", "unless", "flags", "keep"});
    PatternSource source;
    source.match = fields.texts("match");
    if (source.match.empty()) fields.bad_field("match", "a pattern, or a list of them");
    source.unless = fields.texts("unless");
    source.flags = fields.text_or("flags", "");
    const auto within = fields.integer_or("within", static_cast<std::int64_t>(source.within));
    source.within = static_cast<std::uint64_t>(std::max<std::int64_t>(within, 0));
    const auto keep = fields.integer_or("keep", static_cast<std::int64_t>(source.keep));
    if (keep < 0 || keep > static_cast<std::int64_t>(max_kept)) fields.bad_field("keep", "a number up to 10,000");
    source.keep = static_cast<std::size_t>(keep);
    return source;
}

std::vector<PatternSource> read_patterns(Call& call) {
    lua_State* L = call.state();
    call.table(1, "patterns");
    const auto size = static_cast<std::int64_t>(lua_objlen(L, 1));
    if (size > max_patterns) call.bad_argument(1, "patterns", "at most 100,000 patterns");
    std::vector<PatternSource> sources;
    for (std::int64_t i = 1; i <= size; ++i) {
        lua_rawgeti(L, 1, static_cast<int>(i));
        if (!lua_istable(L, -1)) call.bad_item(1, "patterns", static_cast<std::size_t>(i), "a table");
        sources.push_back(read_pattern(call, call.count()));
        lua_pop(L, 1);
    }
    return sources;
}

Engine read_engine(const Fields& options) {
    const auto name = options.text_or("engine", "auto");
    if (name == "auto") return Engine::best;
    if (name == "hyperscan") return Engine::hyperscan;
    if (name == "pcre2") return Engine::pcre2;
    options.bad_field("engine", "\"auto\", \"hyperscan\" or \"pcre2\"");
}

// A list of patterns, or what pack() made of one.
std::vector<PatternSource> read_sources(Call& call) {
    if (lua_type(call.state(), 1) != LUA_TSTRING) return read_patterns(call);
    auto sources = unpack_sources(call.text(1, "patterns"));
    if (!sources) call.bad_argument(1, "patterns", "a list of patterns");
    return std::move(*sources);
}

int pack_patterns(Call& call) { return call.give(pack(read_patterns(call))); }

// true, the default: in the state folder; false: nowhere; a text: that folder.
std::filesystem::path read_cache(Call& call, const Fields& options) {
    options.push("cache");
    const int type = lua_type(call.state(), -1);
    const bool none = type == LUA_TBOOLEAN && !lua_toboolean(call.state(), -1);
    lua_pop(call.state(), 1);
    if (none) return {};
    if (type == LUA_TSTRING) {
        std::filesystem::path folder = *options.text("cache");
        static_cast<void>(files::mutation(call.host(), "kb.cache", folder, ""));  // whether it may
        return folder;
    }
    if (type != LUA_TBOOLEAN && type != LUA_TNIL) options.bad_field("cache", "a boolean or a folder");
    try {
        return call.host().state_folder() / "kb";
    } catch (const Error& error) {
        // Without a place to keep them, databases are compiled each time.
        if (error.kind() != "state.create") throw;
        return {};
    }
}

void push_captures(Call& call, const std::vector<Capture>& captures) {
    const auto is_named = [](const Capture& capture) { return !capture.name.empty(); };
    call.new_table(captures.size(), static_cast<std::size_t>(std::ranges::count_if(captures, is_named)));
    for (const auto& capture : captures) {
        if (!capture.name.empty()) call.field(capture.name.c_str(), capture.text);
        call.push(capture.text).seti(static_cast<int>(capture.number));
    }
}

/// Pushes hits, of which a large log has thousands: the names of fields, and the line that several hits may be in, are
/// made strings of Lua once.
class HitPusher {
public:
    explicit HitPusher(Call& call) : call_(call), keys_(lua_gettop(call.state())) {
        luaL_checkstack(call.state(), 16, "hits");
        for (const char* key : {"index", "line_number", "last_line", "column", "line", "last_text", "captures"}) {
            call.push(key);
        }
        lua_pushnil(call.state());  // the last line
    }
    HitPusher(const HitPusher&) = delete;
    HitPusher& operator=(const HitPusher&) = delete;
    ~HitPusher() { lua_settop(call_.state(), keys_); }

    /// Puts the hit at a position of the table at `list`.
    void put(const Hit& hit, int list, int position) {
        call_.new_table(0, 7);
        call_.push(hit.pattern + 1);
        set(index);
        call_.push(hit.line_number);
        set(line_number);
        call_.push(hit.last_line);
        set(last_line);
        call_.push(hit.column);
        set(column);
        push_line(hit);
        set(line);
        if (hit.last_line > hit.line_number) {
            call_.push(hit.last_text);
            set(last_text);
        }
        push_captures(call_, hit.captures);
        set(captures);
        lua_rawseti(call_.state(), list, position);
    }

private:
    enum Key { index = 1, line_number, last_line, column, line, last_text, captures, kept_line };

    // The value on top becomes a field of the table below it.
    void set(Key key) {
        lua_State* L = call_.state();
        lua_pushvalue(L, keys_ + key);
        lua_insert(L, -2);
        lua_rawset(L, -3);
    }

    void push_line(const Hit& hit) {
        lua_State* L = call_.state();
        if (hit.line_number != kept_number_ || hit.line != kept_text_) {
            call_.push(hit.line);
            lua_replace(L, keys_ + kept_line);
            kept_number_ = hit.line_number;
            kept_text_ = hit.line;
        }
        lua_pushvalue(L, keys_ + kept_line);
    }

    Call& call_;
    int keys_;
    std::uint64_t kept_number_ = 0;
    std::string_view kept_text_;
};

// { [index] = number } of those that are not 0.
void push_counts(Call& call, const std::vector<std::uint64_t>& counts) {
    call.new_table();
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0) call.push(counts[i]).seti(static_cast<int>(i + 1));
    }
}

int push_result(Call& call, const ScanResult& result) {
    call.new_table(0, 7).field("lines", result.lines).field("bytes", result.bytes);
    call.field("lines_matched", result.lines_matched);
    call.new_table(result.hits.size());
    int position = 0;
    {
        const int list = lua_gettop(call.state());
        HitPusher hits(call);
        for (const auto& hit : result.hits) hits.put(hit, list, ++position);
    }
    call.set("hits");
    push_counts(call, result.counts);
    call.set("counts");
    push_counts(call, result.limited);
    call.set("limited").new_table(result.markers.size());
    position = 0;
    for (const auto& marker : result.markers) {
        call.new_table(0, 2).field("line_number", marker.line_number).field("text", marker.text).seti(++position);
    }
    call.set("markers");
    return 1;
}

std::uint64_t line_number(const Fields& options, const char* name, std::uint64_t fallback) {
    const auto number = options.integer(name);
    if (number && *number < 0) options.bad_field(name, "a line number");
    return number ? static_cast<std::uint64_t>(*number) : fallback;
}

int scan(Call& call) {
    const auto options = call.fields(3, "options", {"from", "to", "max_steps"});
    const auto from = line_number(options, "from", 1), to = line_number(options, "to", UINT64_MAX);
    ScanLimits limits;
    const auto max_steps = options.integer_or("max_steps", static_cast<std::int64_t>(limits.steps));
    if (max_steps < 0) options.bad_field("max_steps", "a number from 0");
    limits.steps = static_cast<std::uint64_t>(max_steps);
    return call.work([matcher = matcher_type.share(call), log = log_type.share(call, 2), from, to,
                      limits](std::stop_token stop) -> bind::Finish {
        auto result = std::make_shared<ScanResult>(matcher->scan(*log, from, to, stop, limits));
        return [result](Call& results) { return push_result(results, *result); };
    });
}

int engine(Call& call) { return call.give(matcher_type.from(call).engine()); }
int cached(Call& call) { return call.give(matcher_type.from(call).cached()); }

constexpr Function matcher_methods[]{{"scan", scan, Waits::yes}};
constexpr Function matcher_fields[]{{"engine", engine}, {"cached", cached}};

std::string describe(const void* object) {
    const auto& matcher = *static_cast<const Matcher*>(object);
    return fmt::format("{} patterns, {}", matcher.size(), matcher.engine());
}

const bind::Type<Matcher> matcher_type{{"kb.Matcher", matcher_methods, describe, matcher_fields}};

// compile(patterns, {cache =, engine =})
int compile(Call& call) {
    const auto options = call.fields(2, "options", {"cache", "engine"});
    Matcher::Options settings{read_engine(options), read_cache(call, options), shipped_cache(call) / "kb"};
    return call.work([sources = read_sources(call), settings](std::stop_token) -> bind::Finish {
        const auto matcher = std::make_shared<Matcher>(sources, settings);
        return [matcher](Call& results) { return matcher_type.give(results, matcher); };
    });
}

constexpr Function functions[]{{"compile", compile, Waits::yes}, {"pack", pack_patterns},
                               {"kept", kept},                   {"keep", keep},
                               {"stamps", stamps}};

}  // namespace
}  // namespace uhost::kb

extern "C" int luaopen_uhost_kb(lua_State* L) { return uhost::bind::module(L, "kb", uhost::kb::functions); }
