#include "host/runtime/prelude.hpp"

#include <lua.hpp>

#include "host/bind/errors.hpp"
#include "host/bind/object.hpp"
#include "host/core/version.hpp"
#include "host/runtime/host.hpp"

namespace uhost {
namespace {

using bind::Call;
using bind::Function;

int emit(Call& call) {
    std::string text;
    for (int i = 1; i <= call.count(); ++i) {
        std::size_t size = 0;
        const char* piece = lua_tolstring(call.state(), i, &size);
        if (piece == nullptr) call.bad_argument(i, "text", "a string or a number");
        text.append(piece, size);
    }
    call.host().output().out(text);
    return call.none();
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

int is_error(Call& call) { return call.give(bind::is_error(call.state(), 1)); }

int mask(Call& call) { return call.give(call.host().vault().mask(call.text(1, "text"))); }

constexpr Function uhost_functions[]{{"fail", bind::raise_error},
                                    {"is_error", is_error},
                                    {"mask", mask},
                                    {"class", bind::make_class},
                                    {"check_argument", bind::check_argument},
                                    {"check_options", bind::check_options},
                                    {"suggest", bind::suggest}};
constexpr Function emit_function{"print", emit};
constexpr Function exit_function{"exit", exit};

// A host wait inside a user's coroutine yields the mark; resume passes it outwards until the scheduler gets it, and
// resumes the same coroutine when the wait is over.
constexpr char prelude[] = R"lua(
local emit, exit, mark = ...
local raw_resume, status, yield, create = coroutine.resume, coroutine.status, coroutine.yield, coroutine.create
local tostring, select, concat, error = tostring, select, table.concat, error

local function pass_on(thread, ok, first, ...)
    if ok and first == mark and status(thread) == "suspended" then
        yield(mark)
        return pass_on(thread, raw_resume(thread))
    end
    return ok, first, ...
end

function coroutine.resume(thread, ...)
    return pass_on(thread, raw_resume(thread, ...))
end

local function results_or_error(ok, first, ...)
    if ok then return first, ... end
    error(first, 0)
end

function coroutine.wrap(body)
    local thread = create(body)
    return function(...) return results_or_error(pass_on(thread, raw_resume(thread, ...))) end
end

function print(...)
    local pieces = {}
    for i = 1, select("#", ...) do pieces[i] = tostring((select(i, ...))) end
    emit(concat(pieces, "\t"), "\n")
end

local raw_write, output, stdout = io.write, io.output, io.stdout
function io.write(...)
    if output() ~= stdout then return raw_write(...) end
    emit(...)
    return stdout
end

os.exit = exit

-- Loaded when it is used.
function uhost.inspect(value, options) return require("uhost.uhost.inspect")(value, options) end
)lua";

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

}  // namespace

void open_libraries(Host& host) {
    lua_State* L = host.lua();
    luaL_openlibs(L);
    install_modules(L, host.locations());
    push_uhost_table(host);
    lua_setglobal(L, "uhost");
    if (luaL_loadbuffer(L, prelude, sizeof prelude - 1, "=uhost prelude") != 0) {
        throw bind::read_error(L, -1).error;
    }
    bind::push_function(L, emit_function, "io");
    bind::push_function(L, exit_function, "os");
    Scheduler::push_wait_mark(L);
    lua_call(L, 3, 0);
}

}  // namespace uhost
