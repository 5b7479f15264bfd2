// The options of process.run and process.start.
#include "api/process/binding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "host/core/resolved_path.hpp"
#include "host/core/visible.hpp"
#include "host/runtime/file_access.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/output.hpp"

namespace uhost::process {
namespace {

using bind::Call;
using bind::Fields;

constexpr std::int64_t default_max_output = 64 << 20;
constexpr std::size_t unread_bytes = 1 << 20;  // of a started program's output may wait for a reader

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

EnvironmentChanges environment(const Call& call, const Fields& fields) {
    EnvironmentChanges list;
    if (!fields.has("env")) return list;
    lua_State* L = call.state();
    constexpr auto expected = "a table of names to strings, or false to remove a variable";
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

// What this host took out of its environment, for another uhost: it keeps secrets as this one does, and nobody else may
// have them. A limited script could tell it where to send them.
EnvironmentChanges secrets_for(const Call& call, const std::vector<std::string>& arguments) {
    auto& host = call.host();
    if (host.permissions().limited()) {
        throw Error("permission.denied", "secrets are not handed on by scripts whose permissions are limited")
            .hint("run it without --safe and --allow-…");
    }
    if (arguments.empty() || resolved_path(arguments[0]) != resolved_path("/proc/self/exe")) {
        throw Error("argument", "bad option 'secrets': only this very program is given them")
            .hint("fs.readlink(\"/proc/self/exe\") names it");
    }
    EnvironmentChanges list;
    for (const auto& name : host.secrets_taken()) list.emplace_back(name, host.vault().find(name));
    return list;
}

// A program may print what strangers wrote; in a workflow run that must not become a command to the runner.
std::string passed_on(std::string_view lines, bool in_workflow_run) {
    return in_workflow_run ? without_workflow_commands(lines) : std::string(lines);
}

// The option table under `key`, left on the stack; nothing when there is none.
std::optional<Fields> table_at(const Call& call, const Fields& fields, const char* key,
                               std::initializer_list<std::string_view> known) {
    fields.push(key);
    if (lua_istable(call.state(), -1)) return call.fields(lua_gettop(call.state()), key, known);
    lua_pop(call.state(), 1);
    return std::nullopt;
}

void read_output(const Call& call, const Fields& fields, const char* key, OutputOptions& output) {
    constexpr auto expected = "\"capture\", \"pass\", \"tee\", \"discard\" or { file = path }";
    if (const auto file = table_at(call, fields, key, {"file", "append"})) {
        output.mode = OutputMode::file;
        output.file = file->text_or("file", "");
        output.append = file->flag("append", false);
        if (output.file.empty()) fields.bad_field(key, expected);
        lua_pop(call.state(), 1);
        return;
    }
    static const std::map<std::string, OutputMode, std::less<>> modes{{"capture", OutputMode::capture},
                                                                      {"pass", OutputMode::pass},
                                                                      {"tee", OutputMode::tee},
                                                                      {"discard", OutputMode::discard}};
    const auto name = fields.text(key);
    if (!name) return;
    const auto found = modes.find(*name);
    if (found == modes.end()) fields.bad_field(key, expected);
    output.mode = found->second;
}

std::optional<std::uint64_t> limit(const Fields& limits, const char* key) {
    const auto value = limits.integer(key);
    if (value && *value < 1) limits.bad_field(key, "a whole number of at least 1");
    return value ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

void read_limits(const Call& call, const Fields& fields, ResourceLimits& limits) {
    const auto table = table_at(call, fields, "limits", {"cpu_s", "memory_bytes", "file_bytes", "open_files"});
    if (!table) {
        if (fields.has("limits")) fields.bad_field("limits", "a table");
        return;
    }
    limits = {limit(*table, "cpu_s"), limit(*table, "memory_bytes"), limit(*table, "file_bytes"),
              limit(*table, "open_files")};
    lua_pop(call.state(), 1);
}

unsigned short terminal_cells(const Fields& size, const char* key, unsigned short fallback) {
    const auto cells = size.integer_or(key, fallback);
    if (cells < 1 || cells > max_terminal_cells) size.bad_field(key, "a whole number from 1 to 10000");
    return static_cast<unsigned short>(cells);
}

std::optional<TerminalSize> read_terminal(const Call& call, const Fields& fields) {
    if (const auto size = table_at(call, fields, "terminal", {"columns", "rows"})) {
        const TerminalSize read{terminal_cells(*size, "columns", 80), terminal_cells(*size, "rows", 24)};
        lua_pop(call.state(), 1);
        return read;
    }
    return fields.flag("terminal", false) ? std::optional(TerminalSize()) : std::nullopt;
}

// What running the command changes.
std::optional<Mutation> mutation_of(Host& host, const Options& options, const std::optional<std::string>& summary) {
    const auto& arguments = options.command.arguments;
    if (arguments.empty()) return std::nullopt;  // refused later
    if (summary) {
        Mutation declared{"process.run", arguments[0], *summary, {{"command", quoted(arguments)}}};
        declared.permitted = true;  // as the program itself
        return declared;
    }
    for (const auto* output : {&options.streams.output, &options.streams.errors}) {
        if (output->mode != OutputMode::file) continue;
        auto written = files::mutation(host, "process.run", output->file,
                                       "write what " + arguments[0] + " writes to " + output->file);
        written.details = {{"command", quoted(arguments)}};
        return written;
    }
    return std::nullopt;
}

void read_common(const Call& call, const Fields& fields, Options& options) {
    auto& streams = options.streams;
    options.command.arguments = arguments(call);
    options.command.folder = fields.text_or("cwd", "");
    const auto& inherited = call.host().environment();
    if (!fields.flag("clear_env", false)) options.command.inherited = inherited.entries();
    if (fields.flag("secrets", false)) options.command.environment = secrets_for(call, options.command.arguments);
    std::ranges::copy(environment(call, fields), std::back_inserter(options.command.environment));
    read_limits(call, fields, options.command.limits);
    options.command.supervised = fields.flag("supervised", false);
    options.check = fields.flag("check", false);
    const auto max_output = fields.integer_or("max_output_bytes", default_max_output);
    if (max_output < 1) fields.bad_field("max_output_bytes", "a number of at least 1");
    options.max_output_bytes = static_cast<std::size_t>(max_output);
    streams.merge = fields.flag("merge_stderr", false);
    streams.terminal = read_terminal(call, fields);
    read_output(call, fields, "stdout", streams.output);
    read_output(call, fields, "stderr", streams.errors);
    if (streams.terminal && (streams.output.mode == OutputMode::file || fields.has("stderr"))) {
        fields.bad_field("terminal", "nothing beside an output file or 'stderr': a terminal has one output");
    }
    const auto mutates = fields.text("mutates");
    const bool reads = fields.flag("reads", false);
    if (mutates && reads) fields.bad_field("reads", "nothing beside 'mutates'");
    options.mutation = mutation_of(call.host(), options, mutates);
    if (call.host().plan().dry_run() && !mutates && !reads) options.command.confined = &confined_commands(call.host());
    auto& output = call.host().output();
    const bool in_run = in_github_actions(inherited);
    streams.output.sink = [&output, in_run](std::string_view lines) { output.out(passed_on(lines, in_run)); };
    streams.errors.sink = [&output, in_run](std::string_view lines) { output.error(passed_on(lines, in_run)); };
}

}  // namespace

Options run_options(const Call& call) {
    const auto fields = call.fields(2, "options",
                                    {"cwd", "env", "clear_env", "stdin", "timeout_s", "check", "max_output_bytes",
                                     "keep_end", "merge_stderr", "stdout", "stderr", "mutates", "reads", "limits",
                                     "terminal", "supervised", "secrets"});
    Options options;
    read_common(call, fields, options);
    options.input = fields.text("stdin");
    options.timeout_s = fields.number("timeout_s");
    auto& streams = options.streams;
    streams.input = options.input.has_value();
    const bool keeps_end = fields.flag("keep_end", false);
    streams.output.tail = streams.errors.tail = keeps_end;
    streams.output.max_held_bytes = streams.errors.max_held_bytes = options.max_output_bytes + (keeps_end ? 0 : 1);
    return options;
}

Options start_options(const Call& call) {
    const auto fields = call.fields(2, "options",
                                    {"cwd", "env", "clear_env", "stdin", "check", "max_output_bytes", "merge_stderr",
                                     "stdout", "stderr", "mutates", "reads", "limits", "terminal", "supervised",
                                     "secrets"});
    Options options;
    options.streams.errors.mode = OutputMode::pass;
    read_common(call, fields, options);
    fields.push("stdin");
    const bool open = lua_isboolean(call.state(), -1) && lua_toboolean(call.state(), -1);
    lua_pop(call.state(), 1);
    if (!open) options.input = fields.text("stdin");
    auto& streams = options.streams;
    streams.input = open || options.input.has_value();
    streams.output.max_held_bytes = std::min(unread_bytes, options.max_output_bytes + 1);
    streams.errors.max_held_bytes = unread_bytes;
    streams.errors.tail = true;
    return options;
}

}  // namespace uhost::process
