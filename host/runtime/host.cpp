#include "host/runtime/host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "host/bind/mutation.hpp"
#include "host/core/file.hpp"
#include "host/core/visible.hpp"
#include "host/lua/interpreter.hpp"
#include "host/modules/modules.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/guarded_libraries.hpp"
#include "host/runtime/host_options.hpp"
#include "host/runtime/output.hpp"
#include "host/runtime/prelude.hpp"
#include "host/runtime/services.hpp"
#include "host/runtime/settings_file.hpp"
#include "host/runtime/store_place.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"
#include "host/task/scheduler.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

// The audit trail, in a native module of its own: a database's library is loaded by the first mutation, not at start.
std::shared_ptr<AuditTrail> open_audit_trail(Host& host) {
    using Open = void (*)(const StorePlace& place, const Vault& vault, const std::string& script,
                          std::shared_ptr<AuditTrail>& trail);
    const auto open = reinterpret_cast<Open>(load_native(host.locations(), "audit", "uhost_open_audit_trail"));
    std::shared_ptr<AuditTrail> trail;
    open(store_place(host, "audit"), host.vault(), host.script(), trail);
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
lua::Raised masked(const lua::Raised& raised, const Vault& vault) {
    auto error = Error(raised.error.kind(), vault.mask(raised.error.message()))
                     .hint(raised.error.hint())
                     .native(raised.error.native());
    for (const auto& [name, value] : raised.error.details()) std::move(error).with(name, value);
    return {std::move(error), vault.mask(raised.where), raised.traceback};
}

int exit_code(ExitCode code) { return static_cast<int>(code); }

// What is printed comes before what is reported; that it cannot be printed is reported elsewhere.
void flush_quietly(const Output& output) {
    try {
        output.finish();
    } catch (const Error&) {
    }
}

}  // namespace

struct Host::Parts {
    explicit Parts(HostOptions given) : options(std::move(given)), locations(Locations::find()) {
        locations.primitives = options.primitives;
    }

    void read_settings();
    void load_first();
    int run_chunk(const fs::path& script_folder, const std::vector<std::string>& arguments);
    int conclude(const Scheduler::Outcome& outcome);
    int report(const lua::Raised& raised);
    void show_plan();
    int reporting_failure(const std::function<int()>& run);
    void set_arguments(const std::string& name, const std::vector<std::string>& arguments);
    lua_State* lua() const { return interpreter->state(); }

    HostOptions options;
    Locations locations;
    Environment environment;
    Vault vault;
    std::vector<std::string> secrets_taken;
    Settings settings;
    Permissions permissions;
    std::unique_ptr<Output> output;
    std::unique_ptr<Plan> plan;
    Loop loop;
    std::unique_ptr<Interpreter> interpreter;
    std::unique_ptr<Scheduler> scheduler;
    Services services;
    fs::path state_folder;
    std::string script;
};

Host::Host(HostOptions options) : parts_(std::make_unique<Parts>(std::move(options))) {
    auto& parts = *parts_;
    parts.environment = parts.options.environment;
    parts.secrets_taken = parts.vault.take_secrets(parts.environment, parts.locations.share / "api");
    for (const auto& [name, value] : parts.options.secrets) parts.vault.add(name, value);
    for (const auto& name : take_store_password(parts.environment, parts.vault)) parts.secrets_taken.push_back(name);
    parts.read_settings();
    parts.permissions = permissions_of(parts.options, parts.settings);
    parts.plan = std::make_unique<Plan>(parts.options.dry_run, [this] { return open_audit_trail(*this); });
    if (parts.options.switchable_dry_run) parts.plan->make_switchable();
    if (observed()) parts.plan->observe([this](std::string json) { publish("plan", json); });
    parts.interpreter = std::make_unique<Interpreter>(memory_limit_bytes(parts.options, parts.settings));
    parts.scheduler = std::make_unique<Scheduler>(*this, parts.loop, *parts.interpreter);
    bind::attach_plan(lua(), *parts.plan);
    open_libraries(*this);
    guard_libraries(*this);
    parts.scheduler->set_limits({parts.options.time_limit_s, parts.options.instruction_limit});
}

Host::~Host() { close(); }

void Host::Parts::read_settings() {
    const auto api = locations.share / "api";
    settings = Settings(environment);
    if (!options.state.empty()) settings.set("state", options.state.string());
    if (options.offline) settings.set("offline", *options.offline);
    for (const auto& assignment : options.settings) settings.set_assigned(assignment, api);
    SettingsFiles files;
    if (options.read_settings_file) {
        std::error_code unreadable;
        files = read_settings_files(settings, locations, environment, fs::current_path(unreadable));
    }
    output = std::make_unique<Output>(vault, environment, color_mode(options, settings), options.output, options.error);
    for (const auto& warning : files.warnings) output->warning(warning);
    for (const auto& file : files.read) {
        if (options.verbosity > 0) output->error(fmt::format("debug: settings are read from {}\n", visible(file)));
    }
}

void Host::close() {
    if (lua() == nullptr) return;
    parts_->interpreter->close();
    parts_->services.clear();
}

void Host::interrupt(int exit_code) { parts_->scheduler->interrupt(exit_code); }
bool Host::interrupted() const { return parts_->scheduler->interrupted(); }
bool Host::interrupts_are_taken() const { return parts_->scheduler->interrupts_are_taken(); }
bool Host::jobs_left() const { return parts_->scheduler->jobs_in_flight() > 0; }

const std::vector<std::string>& Host::secrets_taken() const { return parts_->secrets_taken; }
const Environment& Host::environment() const { return parts_->environment; }
const Settings& Host::settings() const { return parts_->settings; }
const Output& Host::output() const { return *parts_->output; }
const Locations& Host::locations() const { return parts_->locations; }
Vault& Host::vault() { return parts_->vault; }
Permissions& Host::permissions() { return parts_->permissions; }
Plan& Host::plan() { return *parts_->plan; }
Loop& Host::loop() { return parts_->loop; }
Scheduler& Host::scheduler() { return *parts_->scheduler; }
Services& Host::services() { return parts_->services; }
lua_State* Host::lua() { return parts_->lua(); }

const std::string& Host::script() const { return parts_->script; }
bool Host::offline() const { return parts_->settings.flag("offline").value_or(false); }
int Host::verbosity() const { return parts_->options.verbosity; }

std::chrono::system_clock::time_point Host::now() const {
    return parts_->options.clock ? parts_->options.clock() : std::chrono::system_clock::now();
}

bool Host::observed() const { return parts_->options.observer != nullptr; }

void Host::publish(std::string_view topic, std::string_view json) const {
    if (observed()) parts_->options.observer(topic, parts_->vault.mask(json));
}

const fs::path& Host::state_folder() {
    auto& known = parts_->state_folder;
    if (!known.empty()) return known;
    const auto set = parts_->settings.text("state");
    auto folder = fs::absolute(set && !set->empty() ? fs::path(*set) : default_state_folder(parts_->environment));
    std::error_code failed;
    if (fs::create_directories(folder, failed)) fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed) throw system_error("state.create", "cannot create the state folder " + folder.string(), failed.value());
    return known = folder;
}

int Host::run_file(const fs::path& script, const std::vector<std::string>& arguments) {
    return parts_->reporting_failure([&] {
        parts_->set_arguments(script.string(), arguments);
        if (is_bytecode(script)) throw bytecode_error(script.string());
        if (luaL_loadfilex(lua(), script.c_str(), "t") != 0) {
            return parts_->report(lua::syntax_error(lua(), parts_->vault.mask(source_of(script)), script.string()));
        }
        allow_modules_below(*this, script.parent_path().empty() ? "." : script.parent_path());
        return parts_->run_chunk(script.parent_path().empty() ? "." : script.parent_path(), arguments);
    });
}

int Host::run_code(std::string_view code, const std::string& chunk_name, const std::vector<std::string>& arguments) {
    return parts_->reporting_failure([&] {
        parts_->set_arguments(chunk_name, arguments);
        if (code.starts_with(bytecode_mark)) throw bytecode_error(chunk_name);
        if (luaL_loadbufferx(lua(), code.data(), code.size(), ("=" + chunk_name).c_str(), "t") != 0) {
            return parts_->report(lua::syntax_error(lua(), parts_->vault.mask(code), chunk_name));
        }
        allow_modules_below(*this, {});
        return parts_->run_chunk({}, arguments);
    });
}

void Host::Parts::set_arguments(const std::string& name, const std::vector<std::string>& arguments) {
    script = name;
    lua_createtable(lua(), static_cast<int>(arguments.size()), 1);
    lua_pushstring(lua(), name.c_str());
    lua_rawseti(lua(), -2, 0);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        lua_pushlstring(lua(), arguments[i].data(), arguments[i].size());
        lua_rawseti(lua(), -2, static_cast<int>(i + 1));
    }
    lua_setglobal(lua(), "arg");
}

void Host::Parts::load_first() {
    for (const auto& name : options.preload) {
        lua_getglobal(lua(), "require");
        lua_pushstring(lua(), ("uhost." + name).c_str());
        if (lua_pcall(lua(), 1, 0, 0) == 0) continue;
        auto raised = lua::read_error(lua(), -1);
        lua_pop(lua(), 1);
        throw Error(raised.error);
    }
}

// Runs the function at the top of the stack.
int Host::Parts::run_chunk(const fs::path& script_folder, const std::vector<std::string>& arguments) {
    set_require_path(lua(), locations, script_folder);
    load_first();
    luaL_checkstack(lua(), static_cast<int>(arguments.size()) + 1, "too many arguments");
    for (const auto& argument : arguments) lua_pushlstring(lua(), argument.data(), argument.size());
    return conclude(scheduler->run(lua(), static_cast<int>(arguments.size())));
}

int Host::Parts::reporting_failure(const std::function<int()>& run) {
    std::optional<Error> failure;
    try {
        return run();
    } catch (const Error& error) {
        failure = error;
    } catch (const std::bad_alloc&) {
        failure = Error("memory", "out of memory");
    }
    lua_settop(lua(), 0);
    return report({*failure, "", ""});
}

int Host::Parts::conclude(const Scheduler::Outcome& outcome) {
    output->show_status("");
    if (plan->dry_run() && !options.switchable_dry_run) show_plan();
    int code = scheduler->exit_requested().value_or(0);
    if (const int interrupt = scheduler->take_interrupt(); interrupt != 0) {
        output->error("interrupted\n");
        code = interrupt;
    } else if (outcome.failure) {
        code = report(*outcome.failure);
    } else if (outcome.results > 0 && lua_type(lua(), -outcome.results) == LUA_TNUMBER) {
        code = static_cast<int>(lua_tointeger(lua(), -outcome.results)) & 255;
    } else if (outcome.results > 0 && lua_isboolean(lua(), -outcome.results)) {
        code = lua_toboolean(lua(), -outcome.results) ? 0 : exit_code(ExitCode::findings);
    }
    lua_settop(lua(), 0);
    output->finish();
    return code;
}

int Host::Parts::report(const lua::Raised& raised) {
    if (raised.error.kind() == "exit") return scheduler->exit_requested().value_or(0);
    if (raised.error.kind() == "output.closed") return reader_gone;
    flush_quietly(*output);
    const ErrorStyle style{.color = output->color_error(),
                           .place = lies_in_own_script(raised.where, locations),
                           .verbose = options.verbosity > 0,
                           .annotation = in_github_actions(environment)};
    output->error(render_error(style.annotation ? masked(raised, vault) : raised, style));
    return exit_code(exit_code_of(raised.error.kind()));
}

void Host::Parts::show_plan() {
    if (options.plan_json.empty()) {
        output->report(render_plan_text(*plan));
    } else {
        write_file_atomically(options.plan_json, vault.mask(render_plan_json(*plan)));
    }
    plan->clear();
}

}  // namespace uhost
