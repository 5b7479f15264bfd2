#include "host/runtime/prelude.hpp"

#include <lua.hpp>

#include "chunks/prelude.hpp"
#include "host/bind/object.hpp"
#include "host/bind/record.hpp"
#include "host/core/version.hpp"
#include "host/lua/chunk.hpp"
#include "host/lua/errors.hpp"
#include "host/modules/modules.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/output.hpp"
#include "host/runtime/shell.hpp"
#include "host/secrets/stream_masker.hpp"
#include "host/secrets/vault.hpp"
#include "host/task/scheduler.hpp"

namespace uhost {
namespace {

using bind::Call;
using bind::Function;

std::string text_of_arguments(Call& call, int first = 1) {
    std::string text;
    for (int i = first; i <= call.count(); ++i) {
        std::size_t size = 0;
        const char* piece = lua_tolstring(call.state(), i, &size);
        if (piece == nullptr) call.bad_argument(i, "text", "a string or a number");
        text.append(piece, size);
    }
    return text;
}

int emit(Call& call) {
    call.host().output().out(text_of_arguments(call));
    return call.none();
}

int emit_error(Call& call) {
    call.host().output().error(text_of_arguments(call));
    return call.none();
}

int flush(Call& call) {
    call.host().output().flush();
    return call.none();
}

int variable(Call& call) {
    call.host().permissions().require(Access::env, call.text(1, "name"));
    const auto* value = call.host().environment().find(call.text(1, "name"));
    return value != nullptr ? call.give(*value) : call.give(nullptr);
}

int exit(Call& call) {
    int code = 0;
    if (lua_isboolean(call.state(), 1)) {
        code = lua_toboolean(call.state(), 1) ? 0 : 1;
    } else if (!call.absent(1)) {
        code = static_cast<int>(call.integer(1, "code"));
    }
    return Scheduler::of(call.state()).request_exit(call.state(), code & 255);
}

// Masks what goes into one file.
int pass_masked(Call& call);
int finish_masked(Call& call);
constexpr Function masker_methods[]{{"pass", pass_masked}, {"finish", finish_masked}};
const bind::Type<StreamMasker> masker_type{{"uhost.StreamMasker", masker_methods, nullptr}};

int pass_masked(Call& call) { return call.give(masker_type.from(call).pass(text_of_arguments(call, 2))); }
int finish_masked(Call& call) { return call.give(masker_type.from(call).finish()); }

// Nothing while there is nothing to mask.
int new_masker(Call& call) {
    const auto& vault = call.host().vault();
    return vault.hides_nothing() ? call.give(nullptr) : masker_type.give(call, std::make_shared<StreamMasker>(vault));
}

// A command whose output passes the mask; nothing while there is nothing to mask.
int execute(Call& call) {
    auto& host = call.host();
    if (host.vault().hides_nothing()) return call.give(nullptr);
    return call.give(std::int64_t{run_shell(std::string(call.text(1, "command")), host.environment(), host.output())});
}

// What a command of io.popen prints beside the pipe.
int redirect_command(Call& call);
int pass_on_output(Call& call);
constexpr Function command_output_methods[]{{"redirected", redirect_command}, {"pass_on", pass_on_output}};
const bind::Type<CommandOutput> command_output_type{{"uhost.CommandOutput", command_output_methods, nullptr}};

int redirect_command(Call& call) {
    return call.give(command_output_type.from(call).redirected(call.text(2, "command")));
}

int pass_on_output(Call& call) {
    command_output_type.from(call).pass_on(call.host().output());
    return call.none();
}

// Nothing while there is nothing to mask; nor for a program, such as a pager, that is to have the terminal.
int new_command_output(Call& call) {
    auto& host = call.host();
    const bool writes = call.text_or(1, "mode", "r").starts_with('w');
    if (host.vault().hides_nothing() || (writes && host.output().terminal_out())) return call.give(nullptr);
    host.output().flush();
    const auto streams = writes ? CommandOutput::Streams::both : CommandOutput::Streams::error;
    return command_output_type.give(call,
                                    std::make_shared<CommandOutput>(host.environment().temporary_folder(), streams));
}

// Whole seconds, as os.time gives them.
int now(Call& call) {
    return call.give(std::chrono::floor<std::chrono::seconds>(call.host().now()).time_since_epoch().count());
}

int is_error(Call& call) { return call.give(lua::is_error(call.state(), 1)); }

int mask(Call& call) { return call.give(call.host().vault().mask(call.text(1, "text"))); }

int says_secret(Call& call) { return call.give(names_a_secret(call.text(1, "name"))); }

int error_report(Call& call) {
    const auto& output = call.host().output();
    const ErrorStyle style{.color = output.color_error(), .verbose = call.host().verbosity() > 0};
    return call.give(render_error(lua::read_error(call.state(), 1), style));
}

// publish(topic, json): whether somebody listens; told if there is JSON.
int publish(Call& call) {
    const auto& host = call.host();
    const auto topic = call.text(1, "topic");
    if (topic == "plan") throw Error("argument", "only the host tells of its plan").hint("choose another topic");
    if (host.observed() && !call.absent(2)) host.publish(topic, call.text(2, "value"));
    return call.give(host.observed());
}

int state_folder(Call& call) { return call.give(call.host().state_folder().string()); }

int usage_errors(Call& call) {
    const UsageErrors declared(call.text(1, "primitive"));
    return call.none();
}

constexpr Function uhost_functions[]{{"fail", bind::raise_error},
                                     {"is_error", is_error},
                                     {"mask", mask},
                                     {"names_a_secret", says_secret},
                                     {"error_report", error_report},
                                     {"publish", publish},
                                     {"state_folder", state_folder},
                                     {"usage_errors", usage_errors},
                                     {"class", bind::make_class},
                                     {"record", bind::make_record},
                                     {"check_argument", bind::check_argument},
                                     {"check_options", bind::check_options},
                                     {"suggest", bind::suggest}};

// In the order of the prelude's arguments.
constexpr std::pair<const char*, Function> replacements[]{{"io", {"write", emit}},
                                                          {"io", {"write", emit_error}},
                                                          {"io", {"flush", flush}},
                                                          {"os", {"getenv", variable}},
                                                          {"os", {"exit", exit}},
                                                          {"os", {"execute", execute}},
                                                          {"io", {"open", new_masker}},
                                                          {"io", {"popen", new_command_output}},
                                                          {"os", {"time", now}}};

void push_uhost_table(Host& host) {
    lua_State* L = host.lua();
    bind::module(L, "uhost", uhost_functions);
    lua_pushstring(L, version);
    lua_setfield(L, -2, "version");
    lua_pushboolean(L, host.plan().dry_run());
    lua_setfield(L, -2, "dry_run");
    lua_pushboolean(L, host.offline());
    lua_setfield(L, -2, "offline");
    lua_pushstring(L, host.locations().share.c_str());
    lua_setfield(L, -2, "share");
    lua_pushinteger(L, host.verbosity());
    lua_setfield(L, -2, "verbosity");
    bind::name_functions(L);
}

// As stock Lua does: ";;" in the variable stands for the default path.
void set_search_path(lua_State* L, const char* field, std::string path) {
    if (path.empty()) return;
    lua_getglobal(L, "package");
    lua_getfield(L, -1, field);
    if (const auto at = path.find(";;"); at != std::string::npos) path.replace(at + 1, 0, lua_tostring(L, -1));
    lua_pushlstring(L, path.data(), path.size());
    lua_setfield(L, -3, field);
    lua_pop(L, 2);
}

}  // namespace

void open_libraries(Host& host) {
    lua_State* L = host.lua();
    lua_pushboolean(L, true);
    lua_setfield(L, LUA_REGISTRYINDEX, "LUA_NOENV");  // search paths come from the host's environment
    luaL_openlibs(L);
    set_search_path(L, "path", host.environment().text("LUA_PATH"));
    set_search_path(L, "cpath", host.environment().text("LUA_CPATH"));
    install_modules(L, host.locations());
    push_uhost_table(host);
    lua_setglobal(L, "uhost");
    for (const auto& [library, function] : replacements) bind::push_function(L, function, library);
    Scheduler::push_wait_mark(L);
    lua::run_chunk(L, prelude_chunk, static_cast<int>(std::size(replacements)) + 1);
}

}  // namespace uhost
