// The options of process.run and process.start.
#include "api/process/binding_options.hpp"

#include <fmt/format.h>

#include "host/core/visible.hpp"
#include "host/runtime/host.hpp"

namespace uhost::process {
namespace {

using bind::Call;
using bind::Fields;

constexpr std::int64_t default_max_output = 64 << 20;
constexpr std::size_t unread_bytes = 1 << 20;  // as much of a started program's output waits for its reader

std::vector<std::string> arguments(const Call& call) {
    lua_State* L = call.state();
    call.table(1, "arguments");
    std::vector<std::string> list;
    const auto count = lua_objlen(L, 1);
    for (std::size_t i = 1; i <= count; ++i) {
        lua_rawgeti(L, 1, static_cast<int>(i));
        if (lua_isstring(L, -1) == 0) {
            throw Error("argument", fmt::format("bad argument {} of a program: expected a string, got {}", i,
                                                luaL_typename(L, -1)));
        }
        std::size_t size = 0;
        const char* text = lua_tolstring(L, -1, &size);
        list.emplace_back(text, size);
        lua_pop(L, 1);
    }
    return list;
}

std::vector<std::pair<std::string, std::optional<std::string>>> environment(const Call& call, const Fields& fields) {
    std::vector<std::pair<std::string, std::optional<std::string>>> list;
    if (!fields.has("env")) return list;
    lua_State* L = call.state();
    constexpr auto expected = "a table of names to strings, or false to take a variable away";
    fields.push("env");
    if (!lua_istable(L, -1)) fields.bad_field("env", expected);
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        const bool removed = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
        if (lua_type(L, -2) != LUA_TSTRING || (!removed && lua_isstring(L, -1) == 0)) fields.bad_field("env", expected);
        lua_pushvalue(L, -1);  // lua_tolstring would turn a number in the table itself into a string
        std::size_t size = 0;
        const char* text = removed ? nullptr : lua_tolstring(L, -1, &size);
        list.emplace_back(lua_tostring(L, -3), removed ? std::nullopt : std::optional(std::string(text, size)));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return list;
}

OutputMode output_mode(const Fields& fields, const char* key, OutputMode captured, OutputMode fallback) {
    const auto text = fields.text(key);
    if (!text) return fallback;
    if (*text == "capture") return captured;
    if (*text == "pass") return OutputMode::pass;
    if (*text == "discard") return OutputMode::discard;
    fields.bad_field(key, "\"capture\", \"pass\" or \"discard\"");
}

// A program may print what strangers wrote; in a workflow run that must not become a command to the runner.
std::string passed_on(std::string_view lines) {
    return in_github_actions() ? without_workflow_commands(lines) : std::string(lines);
}

void read_common(const Call& call, const Fields& fields, Options& options) {
    options.command.arguments = arguments(call);
    options.command.folder = fields.text_or("cwd", "");
    options.command.clear_environment = fields.flag("clear_env", false);
    options.command.environment = environment(call, fields);
    options.check = fields.flag("check", false);
    options.mutates = fields.text("mutates");
    const auto most = fields.integer_or("max_output_bytes", default_max_output);
    if (most < 1) fields.bad_field("max_output_bytes", "a number of at least 1");
    options.max_output_bytes = static_cast<std::size_t>(most);
    options.streams.merge = fields.flag("merge_stderr", false);
    auto& output = call.host().output();
    options.streams.pass_output = [&output](std::string_view lines) { output.out(passed_on(lines)); };
    options.streams.pass_errors = [&output](std::string_view lines) { output.error(passed_on(lines)); };
}

}  // namespace

Options run_options(const Call& call) {
    const auto fields = call.fields(2, "options",
                                    {"cwd", "env", "clear_env", "stdin", "timeout_s", "check", "max_output_bytes",
                                     "merge_stderr", "stdout", "stderr", "mutates"});
    Options options;
    read_common(call, fields, options);
    options.input = fields.text("stdin");
    options.timeout_s = fields.number("timeout_s");
    auto& streams = options.streams;
    streams.input = options.input.has_value();
    streams.output = output_mode(fields, "stdout", OutputMode::keep, OutputMode::keep);
    streams.errors = output_mode(fields, "stderr", OutputMode::keep, OutputMode::keep);
    streams.output_allowed = streams.errors_allowed = options.max_output_bytes + 1;
    return options;
}

Options start_options(const Call& call) {
    const auto fields = call.fields(2, "options",
                                    {"cwd", "env", "clear_env", "stdin", "check", "max_output_bytes", "merge_stderr",
                                     "stdout", "stderr", "mutates"});
    Options options;
    read_common(call, fields, options);
    fields.push("stdin");
    const bool open = lua_isboolean(call.state(), -1) && lua_toboolean(call.state(), -1);
    lua_pop(call.state(), 1);
    if (!open) options.input = fields.text("stdin");
    auto& streams = options.streams;
    streams.input = open || options.input.has_value();
    streams.output = output_mode(fields, "stdout", OutputMode::keep, OutputMode::keep);
    streams.errors = output_mode(fields, "stderr", OutputMode::keep_tail, OutputMode::pass);
    streams.output_allowed = std::min(unread_bytes, options.max_output_bytes + 1);
    streams.errors_allowed = unread_bytes;
    return options;
}

}  // namespace uhost::process
