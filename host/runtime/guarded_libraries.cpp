#include "host/runtime/guarded_libraries.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <lua.hpp>

#include "chunks/guarded_files.hpp"
#include "chunks/guarded_language.hpp"
#include "host/bind/mutation.hpp"
#include "host/core/file.hpp"
#include "host/core/resolved_path.hpp"
#include "host/core/spawn.hpp"
#include "host/lua/chunk.hpp"
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
    lua::run_chunk(L, guarded_files_chunk, static_cast<int>(std::size(guards)));
    if (host.permissions().allows_all(Access::ffi)) return;
    keep_ffi(L);
    for (const auto& function : language_guards) bind::push_function(L, function, "package");
    lua::run_chunk(L, guarded_language_chunk, static_cast<int>(std::size(language_guards)));
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
