#include "host/runtime/host.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "host/bind/mutation.hpp"
#include "host/core/file.hpp"
#include "host/runtime/prelude.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

ColorMode color_mode(const HostOptions& options, const Settings& settings) {
    if (options.color) return *options.color;
    const auto set = settings.text("color").value_or("auto");
    if (set == "auto") return ColorMode::automatic;
    if (set == "always") return ColorMode::always;
    if (set == "never") return ColorMode::never;
    throw Error("settings", fmt::format("setting 'color' is '{}'", set)).hint("it is auto, always or never");
}

fs::path default_state_folder() {
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') return fs::path(state) / "uhost";
    const char* home = std::getenv("HOME");
    if (home != nullptr && *home == '/') return fs::path(home) / ".local/state/uhost";
    throw Error("state.create", "no place for the state folder: HOME is not set").hint("pass --state DIR");
}

// The audit trail, in a native module of its own: SQLite is loaded by the first mutation, not at start.
std::shared_ptr<AuditTrail> open_audit_trail(Host& host) {
    using Open = void (*)(const fs::path& file, const Vault& vault, const std::string& script,
                          std::shared_ptr<AuditTrail>& trail);
    const auto open = reinterpret_cast<Open>(load_native(host.locations(), "audit", "uhost_open_audit_trail"));
    std::shared_ptr<AuditTrail> trail;
    open(host.state_folder() / "audit.sqlite", host.vault(), host.script(), trail);
    return trail;
}

constexpr std::size_t max_shown_source_bytes = 1 << 20;

// For an excerpt of a script that does not compile; "" when it cannot be read.
std::string source_of(const fs::path& script) {
    try {
        return read_file(script, max_shown_source_bytes);
    } catch (const Error&) {
        return {};
    }
}

// Whether `where` ("file:line") is in a script of the user's, and not in a workflow that comes with uhost.
bool lies_in_own_script(const std::string& where, const Locations& locations) {
    std::error_code failed;
    const auto file = fs::canonical(where.substr(0, where.rfind(':')), failed);
    if (failed) return false;
    const auto shipped = fs::canonical(locations.share / "scripts", failed);
    if (failed) return true;
    const auto below = file.lexically_relative(shipped);
    return below.empty() || *below.begin() == "..";
}

// What a shell reports of a program whose reader went away ("| head"): 128 + SIGPIPE.
constexpr int reader_gone = 141;

// What compiled Lua begins with.
constexpr char bytecode_mark = '\x1b';

bool is_bytecode(const fs::path& script) {
    std::error_code unknown;
    return fs::is_regular_file(script, unknown) && std::ifstream(script).peek() == bytecode_mark;
}

Error bytecode_error(const std::string& name) {
    return Error("script", fmt::format("{} is compiled Lua; uhost runs source text only", name))
        .hint("run the source that it was compiled from");
}

// An annotation is escaped, which would hide a secret from the mask that all output passes.
bind::Raised masked(const bind::Raised& raised, const Vault& vault) {
    auto error = Error(raised.error.kind(), vault.mask(raised.error.message()))
                     .hint(raised.error.hint())
                     .native(raised.error.native());
    for (const auto& [name, value] : raised.error.details()) std::move(error).with(name, value);
    return {std::move(error), vault.mask(raised.where), raised.traceback};
}

int exit_code(ExitCode code) { return static_cast<int>(code); }

}  // namespace

Host::Host(HostOptions options) : options_(std::move(options)), locations_(Locations::find()), interpreter_(0) {
    vault_.take_environment();
    if (!options_.state.empty()) settings_.set("state", options_.state.string());
    if (options_.offline) settings_.set("offline", *options_.offline);
    for (const auto& assignment : options_.settings) settings_.set_assigned(assignment, locations_.share / "api");
    std::optional<fs::path> settings_file;
    if (options_.read_settings_file) {
        std::error_code unreadable;
        settings_file = find_in_repository("uhost.lua", fs::current_path(unreadable));
        if (settings_file) settings_.read_file(*settings_file, locations_.share / "api");
    }
    output_ = std::make_unique<Output>(vault_, color_mode(options_, settings_));
    if (settings_file && options_.verbosity > 0) {
        output_->error(fmt::format("debug: settings are read from {}\n", settings_file->string()));
    }
    plan_ = std::make_unique<Plan>(options_.dry_run, [this] { return open_audit_trail(*this); });
    scheduler_ = std::make_unique<Scheduler>(*this, loop_, interpreter_);
    bind::attach_plan(lua(), *plan_);
    open_libraries(*this);
}

Host::~Host() { close(); }

void Host::close() {
    if (lua() == nullptr) return;
    interpreter_.close();
    services_.clear();
}

bool Host::offline() const { return settings_.flag("offline").value_or(false); }

const fs::path& Host::state_folder() {
    if (!state_folder_.empty()) return state_folder_;
    const auto set = settings_.text("state");
    auto folder = fs::absolute(set && !set->empty() ? fs::path(*set) : default_state_folder());
    std::error_code failed;
    if (fs::create_directories(folder, failed)) fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed) throw system_error("state.create", "cannot create the state folder " + folder.string(), failed.value());
    return state_folder_ = folder;
}

int Host::run_file(const fs::path& script, const std::vector<std::string>& arguments) {
    set_arguments(script.string(), arguments);
    if (is_bytecode(script)) return report({bytecode_error(script.string()), "", ""});
    if (luaL_loadfilex(lua(), script.c_str(), "t") != 0) {
        return report(bind::syntax_error(lua(), source_of(script), script.string()));
    }
    return run_chunk(script.parent_path().empty() ? "." : script.parent_path(), arguments);
}

int Host::run_code(std::string_view code, const std::string& chunk_name, const std::vector<std::string>& arguments) {
    set_arguments(chunk_name, arguments);
    if (code.starts_with(bytecode_mark)) return report({bytecode_error(chunk_name), "", ""});
    if (luaL_loadbufferx(lua(), code.data(), code.size(), ("=" + chunk_name).c_str(), "t") != 0) {
        return report(bind::syntax_error(lua(), code, chunk_name));
    }
    return run_chunk({}, arguments);
}

void Host::set_arguments(const std::string& script, const std::vector<std::string>& arguments) {
    script_ = script;
    lua_createtable(lua(), static_cast<int>(arguments.size()), 1);
    lua_pushstring(lua(), script.c_str());
    lua_rawseti(lua(), -2, 0);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        lua_pushlstring(lua(), arguments[i].data(), arguments[i].size());
        lua_rawseti(lua(), -2, static_cast<int>(i + 1));
    }
    lua_setglobal(lua(), "arg");
}

void Host::load_first() {
    for (const auto& name : options_.preload) {
        lua_getglobal(lua(), "require");
        lua_pushstring(lua(), ("uhost." + name).c_str());
        if (lua_pcall(lua(), 1, 0, 0) == 0) continue;
        auto raised = bind::read_error(lua(), -1);
        lua_pop(lua(), 1);
        throw Error(raised.error);
    }
}

// Runs the function at the top of the stack.
int Host::run_chunk(const fs::path& script_folder, const std::vector<std::string>& arguments) {
    try {
        set_require_path(lua(), locations_, script_folder);
        load_first();
        luaL_checkstack(lua(), static_cast<int>(arguments.size()) + 1, "too many arguments");
        for (const auto& argument : arguments) lua_pushlstring(lua(), argument.data(), argument.size());
        return conclude(scheduler_->run(lua(), static_cast<int>(arguments.size())));
    } catch (const Error& error) {
        return report({error, "", ""});
    }
}

int Host::conclude(const Scheduler::Outcome& outcome) {
    output_->show_status("");
    if (plan_->dry_run()) show_plan();
    int code = scheduler_->exit_requested().value_or(0);
    if (const int interrupt = scheduler_->take_interrupt(); interrupt != 0) {
        output_->error("interrupted\n");
        code = interrupt;
    } else if (outcome.failure) {
        code = report(*outcome.failure);
    } else if (outcome.results > 0 && lua_type(lua(), -outcome.results) == LUA_TNUMBER) {
        code = static_cast<int>(lua_tointeger(lua(), -outcome.results)) & 255;
    } else if (outcome.results > 0 && lua_isboolean(lua(), -outcome.results)) {
        code = lua_toboolean(lua(), -outcome.results) ? 0 : exit_code(ExitCode::findings);
    }
    lua_settop(lua(), 0);
    output_->flush();
    return code;
}

int Host::report(const bind::Raised& raised) {
    if (raised.error.kind() == "exit") return scheduler_->exit_requested().value_or(0);
    if (raised.error.kind() == "output.closed") return reader_gone;
    std::fflush(stdout);
    const ErrorStyle style{.color = output_->color_error(),
                           .place = lies_in_own_script(raised.where, locations_),
                           .verbose = options_.verbosity > 0,
                           .annotation = in_github_actions()};
    output_->error(render_error(style.annotation ? masked(raised, vault_) : raised, style));
    return exit_code(exit_code_of(raised.error.kind()));
}

void Host::show_plan() {
    const auto& mutations = plan_->recorded();
    if (options_.plan_json.empty()) {
        output_->error(render_plan_text(mutations));
    } else {
        write_file_atomically(options_.plan_json, vault_.mask(render_plan_json(mutations)));
    }
}

}  // namespace uhost
