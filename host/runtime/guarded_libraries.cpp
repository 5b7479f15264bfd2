#include "host/runtime/guarded_libraries.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <lua.hpp>

#include "host/bind/mutation.hpp"
#include "host/core/file.hpp"
#include "host/core/resolved_path.hpp"
#include "host/core/spawn.hpp"
#include "host/lua/errors.hpp"
#include "host/modules/modules.hpp"
#include "host/plan/confined_commands.hpp"
#include "host/plan/permissions.hpp"
#include "host/runtime/file_access.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/output.hpp"
#include "host/runtime/services.hpp"

namespace uhost {
namespace {

using bind::Call;
using bind::Effect;
using bind::Function;

std::filesystem::path checked_path(const Call& call, int index) {
    const auto path = call.text(index, "path");
    if (path.find('\0') != std::string_view::npos) throw Error("argument", "a path cannot hold a NUL byte");
    return path;
}

// change(kind, path, summary, of the entry itself): whether to make it; false under a dry run.
int change(Call& call) {
    const std::string kind(call.text(1, "kind"));
    const auto reaches = call.boolean_or(4, "entry", false) ? files::Reaches::entry : files::Reaches::target;
    auto mutation = files::mutation(call.host(), kind.c_str(), checked_path(call, 2),
                                    std::string(call.text(3, "summary")), reaches);
    const auto make = [&](const std::shared_ptr<PendingMutation>& pending) {
        pending->succeeded("");
        return call.give(true);
    };
    return call.begin_mutation(std::move(mutation), make, [](Call& results) { return results.give(false); });
}

// plan_command(command): records a command that is not run.
int plan_command(Call& call) {
    Mutation mutation{"process.run", std::string(call.text(1, "command")), "run it, with input from the script"};
    mutation.permitted = true;  // may_run was asked
    const auto refuse = [](const std::shared_ptr<PendingMutation>&) -> int {
        throw Error("internal", "a command was to be planned outside of a dry run");
    };
    return call.begin_mutation(std::move(mutation), refuse, [](Call& results) { return results.none(); });
}

int may_read(Call& call) {
    files::require_reading(call.host(), checked_path(call, 1));
    return call.none();
}

struct ModuleFolders {
    std::vector<std::filesystem::path> folders;
};

ModuleFolders& module_folders(Host& host) {
    return host.services().get<ModuleFolders>("modules.folders", [] { return std::make_shared<ModuleFolders>(); });
}

int may_require(Call& call) {
    const auto file = resolved_path(checked_path(call, 1));
    const auto& folders = module_folders(call.host()).folders;
    const bool is_module = file.extension() == ".lua" &&
                           std::ranges::any_of(folders, [&](const auto& folder) { return lies_in(file, folder); });
    if (!is_module) files::require_reading(call.host(), file);
    return call.none();
}

int may_run(Call& call) {
    call.host().permissions().require(Access::run, call.text(1, "program"));
    return call.none();
}

int is_dry_run(Call& call) { return call.give(call.host().plan().dry_run()); }

int note(Call& call) {
    call.host().plan().note({std::string(call.text(1, "kind")), std::string(call.text(2, "target")),
                             std::string(call.text(3, "summary"))});
    return call.none();
}

int exists(Call& call) {
    std::error_code unreadable;
    return call.give(std::filesystem::exists(std::filesystem::symlink_status(checked_path(call, 1), unreadable)));
}

// The path of a new, empty file, which goes with the host.
int temporary_name(Call& call) {
    const auto& folder = confined_commands(call.host()).folder();
    files::allow(call.host(), folder);
    auto name = (folder / "lua_XXXXXX").string();
    const Descriptor made(::mkostemp(name.data(), O_CLOEXEC));
    if (!made) throw system_error("io", "cannot make a temporary file", errno);
    return call.give(name);
}

// Waits, as os.execute does, but not beyond an interrupt.
const ProcessExit& wait_or_interrupt(ChildProcess& child, const Host& host) {
    constexpr int milliseconds_between_looks = 50;
    while (!child.try_wait()) {
        if (host.interrupted()) child.signal_group(SIGKILL);
        pollfd end{child.exit_descriptor(), POLLIN, 0};
        ::poll(&end, 1, milliseconds_between_looks);
    }
    return child.wait();
}

Descriptor output_file(const std::filesystem::path& path) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file) throw system_error("io", "cannot write to " + path.string(), errno);
    return file;
}

constexpr std::size_t max_output_bytes = std::size_t{256} << 20;

// shell(command, path): runs a command under a dry run, where it can change nothing. Its output goes to the file `path`,
// or to the host's. Gives its exit code, or nil and the signal that ended it.
int run_confined(Call& call) {
    auto& host = call.host();
    auto& commands = confined_commands(host);
    const std::string command(call.text(1, "command"));
    const bool captured = !call.absent(2);
    const auto output = captured ? checked_path(call, 2) : commands.folder() / "stdout";
    const auto errors = commands.folder() / "stderr";
    SpawnOptions options;
    options.arguments = {"sh", "-c", command};
    options.program = "/bin/sh";
    options.environment = host.environment().entries();
    commands.confine(options);
    const auto out = output_file(output), error = output_file(errors);
    options.streams = {STDIN_FILENO, out.get(), error.get()};
    host.output().flush();
    auto child = ChildProcess::spawn(options);
    const auto exit = wait_or_interrupt(child, host);
    commands.ended(command, exit.code, exit.signal);
    if (!captured) host.output().out(read_file(output, max_output_bytes));
    host.output().error(read_file(errors, max_output_bytes));
    if (exit.signal == 0) return call.give(exit.code);
    call.push(nullptr).push(exit.signal);
    return 2;
}

// In the order of the chunk's arguments.
constexpr std::pair<const char*, Function> guards[]{{"io", {"open", change, bind::Waits::no, Effect::changes}},
                                                    {"io", {"popen", plan_command, bind::Waits::no, Effect::changes}},
                                                    {"io", {"lines", may_read}},
                                                    {"package", {"require", may_require}},
                                                    {"os", {"execute", may_run}},
                                                    {"plan", {"note", note}},
                                                    {"os", {"remove", exists}},
                                                    {"os", {"tmpname", temporary_name}},
                                                    {"os", {"execute", run_confined}},
                                                    {"plan", {"dry_run", is_dry_run}}};

constexpr Function language_guards[]{{"loadfile", may_read}, {"require", may_require}};

// A script may change global names, the fields of libraries and, with setfenv, what these functions see as global: so all
// that they use is local to the chunk.
constexpr char guarded_files[] = R"lua(
local change, plan_command, may_read, may_require, may_run, note, exists, temporary_name, shell, dry_run = ...
local type, tostring, error, find = type, tostring, error, string.find
local io, raw_open, raw_output, raw_input, raw_lines = io, io.open, io.output, io.input, io.lines
local raw_popen, tmpfile = io.popen, io.tmpfile
local os, raw_remove, raw_rename, raw_execute = os, os.remove, os.rename, os.execute
local handle = debug.getmetatable(io.stdout).__index
local read, write, seek, close = handle.read, handle.write, handle.seek, handle.close
-- LuaJIT may be built with the results of Lua 5.2, and then asks tables for their length.
local plain_status = #setmetatable({}, { __len = function() return 1 end }) == 0

-- Where writing changes nothing, or is what a dry run prints.
local harmless = { ["/dev/null"] = true, ["/dev/full"] = true, ["/dev/stdout"] = true, ["/dev/stderr"] = true,
    ["/dev/tty"] = true }

-- What a dry run hands out for a file: a temporary one, with the old content where that matters.
local function stand_in(path, mode)
    if not find(mode, "^r") and not find(mode, "+", 1, true) then return tmpfile() end
    local old, message, code = raw_open(path, "rb")
    if not old and find(mode, "^r") then return nil, message, code end
    local file = tmpfile()
    while old do
        local piece = read(old, 65536)
        if not piece then break end
        write(file, piece)
    end
    if old then close(old) end
    if not find(mode, "^a") then seek(file, "set") end
    return file
end

local function open(path, mode)
    if type(path) == "number" then path = tostring(path) end
    if mode == nil then mode = "r" end
    if type(path) ~= "string" or type(mode) ~= "string" then return raw_open(path, mode) end
    local reads, writes = find(mode, "^r") or find(mode, "+", 1, true), find(mode, "[wa+]")
    if reads then may_read(path) end
    if not writes or harmless[path] or change("io.open", path, "write to it") then return raw_open(path, mode) end
    return stand_in(path, mode)
end
io.open = open

function io.output(file)
    if type(file) == "string" then
        local opened, message = open(file, "w")
        if not opened then error(message, 2) end
        file = opened
    end
    if file == nil then return raw_output() end
    return raw_output(file)
end

function io.input(file)
    if type(file) == "string" then may_read(file) end
    if file == nil then return raw_input() end
    return raw_input(file)
end

function io.lines(path, ...)
    if path == nil then return raw_lines() end
    if type(path) == "string" then may_read(path) end
    return raw_lines(path, ...)
end

function io.popen(command, mode)
    may_run("sh")
    if not dry_run() or type(command) ~= "string" then return raw_popen(command, mode) end
    if mode ~= nil and find(tostring(mode), "^w") then
        plan_command(command)
        return tmpfile()
    end
    local path = temporary_name()
    shell(command, path)
    local output = raw_open(path, "r")
    raw_remove(path)
    return output
end

function os.execute(command)
    if command == nil then return raw_execute() end
    may_run("sh")
    if not dry_run() or type(command) ~= "string" then return raw_execute(command) end
    local code, signal = shell(command)
    if plain_status then return code and code * 256 or signal end
    return code == 0 or nil, code and "exit" or "signal", code or signal
end

function os.remove(path)
    if type(path) ~= "string" then return raw_remove(path) end
    if dry_run() and not exists(path) then return raw_remove(path) end
    if change("os.remove", path, "remove it", true) then return raw_remove(path) end
    return true
end

function os.rename(from, to)
    if type(from) ~= "string" or type(to) ~= "string" then return raw_rename(from, to) end
    if dry_run() and not exists(from) then return raw_rename(from, to) end
    local moves = change("os.rename", from, "rename it to " .. to, true)
    local replaces = change("os.rename", to, "take the place of it: " .. from, true)
    if moves and replaces then return raw_rename(from, to) end
    return true
end

os.tmpname = temporary_name

-- What such code does, no plan knows.
local function noting(what, loader)
    return function(...)
        if dry_run() then note("lua.native", what, "was loaded: what it changes is not planned") end
        return loader(...)
    end
end
local preload, loadlib, loaders = package.preload, package.loadlib, package.loaders
if preload.ffi then preload.ffi = noting("ffi", preload.ffi) end
package.loadlib = noting("a C library", loadlib)
for _, i in ipairs({ 3, 4 }) do
    local search = loaders[i]
    loaders[i] = function(name)
        local found = search(name)
        return type(found) == "function" and noting(name, found) or found
    end
end
)lua";

// Without the access `ffi`: nothing that leads out of Lua.
constexpr char guarded_language[] = R"lua(
local may_read, may_require = ...
local type, error, read = type, error, io.read
local raw_load, raw_loadfile, raw_searchpath = load, loadfile, package.searchpath
local package, getinfo = package, debug.getinfo

require("uhost.tables")  -- keeps what it needs of `debug`
for _, name in ipairs({ "ffi", "jit.util", "jit.profile", "string.buffer" }) do
    package.loaded[name], package.preload[name] = nil, nil
end
for _, name in ipairs({ "attach", "prngstate", "util", "profile" }) do jit[name] = nil end

-- Text only: the virtual machine trusts compiled Lua.
function load(chunk, name, _, environment) return raw_load(chunk, name, "t", environment) end

function loadstring(text, name)
    if type(text) ~= "string" then error("bad argument #1 to 'loadstring' (string expected, got " .. type(text) .. ")", 2) end
    return raw_load(text, name, "t")
end

local function load_file(path, _, environment)
    if path == nil then return raw_load(read("*a"), "=stdin", "t") end
    may_read(path)
    return raw_loadfile(path, "t", environment)
end
loadfile = load_file

function dofile(path)
    local chunk, message = load_file(path)
    if not chunk then error(message, 0) end
    return chunk()
end

local function search_lua(name)
    local file, tried = raw_searchpath(name, package.path)
    if not file then return tried end
    may_require(file)
    local chunk, message = raw_loadfile(file, "t")
    return chunk or error(("error loading module '%s' from file '%s':\n\t%s"):format(name, file, message), 0)
end
local loaders = package.loaders
package.loaders = { loaders[1], loaders[2], search_lua }
package.loadlib, package.searchpath, package.searchers = nil, nil, nil

for name in pairs(debug) do
    if name ~= "traceback" and name ~= "getinfo" then debug[name] = nil end
end
-- Where code is, and not the functions themselves: those of the host hold what a script may not have.
function debug.getinfo(thread, level, what)
    if type(thread) ~= "thread" then thread, level, what = nil, thread, level end
    local info
    if thread then
        info = getinfo(thread, level, what or "nSlu")
    else
        info = getinfo(type(level) == "number" and level + 1 or level, what or "nSlu")
    end
    if type(info) == "table" then info.func = nil end
    return info
end
)lua";

// The parser loads `ffi` by itself when it meets a literal such as 1LL, but not again once it is there. Nobody may find it,
// and yet it must stay: what LuaJIT keeps of C types lies in it.
void keep_ffi(lua_State* L) {
    lua_getglobal(L, "require");
    lua_pushliteral(L, "ffi");
    if (lua_pcall(L, 1, 1, 0) == 0) {
        lua_setfield(L, LUA_REGISTRYINDEX, "uhost.ffi");
    } else {
        lua_pop(L, 1);  // this LuaJIT has none
    }
}

void run_chunk(lua_State* L, std::string_view chunk, const char* name, int arguments) {
    if (luaL_loadbuffer(L, chunk.data(), chunk.size(), name) != 0) throw lua::read_error(L, -1).error;
    lua_insert(L, -arguments - 1);
    lua_call(L, arguments, 0);
}

}  // namespace

ConfinedCommands& confined_commands(Host& host) {
    return host.services().get<ConfinedCommands>("plan.confined_commands", [&host] {
        return std::make_shared<ConfinedCommands>(host.plan(), host.environment().temporary_folder());
    });
}

void guard_libraries(Host& host) {
    lua_State* L = host.lua();
    if (!host.plan().may_be_dry_run() && !host.permissions().limited()) return;
    for (const auto& [library, function] : guards) bind::push_function(L, function, library);
    run_chunk(L, guarded_files, "=uhost guarded files", static_cast<int>(std::size(guards)));
    if (host.permissions().allows_all(Access::ffi)) return;
    keep_ffi(L);
    for (const auto& function : language_guards) bind::push_function(L, function, "package");
    run_chunk(L, guarded_language, "=uhost guarded language", static_cast<int>(std::size(language_guards)));
}

void allow_modules_below(Host& host, const std::filesystem::path& script_folder) {
    if (!host.permissions().limited()) return;
    auto& folders = module_folders(host).folders;
    folders.clear();
    if (!script_folder.empty()) folders.push_back(resolved_path(script_folder));
    for (const auto* folder : {"/usr/share/lua", "/usr/local/share/lua", "/usr/share/luajit-2.1"}) {
        folders.emplace_back(folder);
    }
}

}  // namespace uhost
