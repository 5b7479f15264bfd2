#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/core/error.hpp"
#include "host/modules/modules.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/output.hpp"
#include "host/runtime/services.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"
#include "host/task/loop.hpp"
#include "host/task/scheduler.hpp"

namespace uhost {

/// How a host is set up; what the command line's host options fill.
struct HostOptions {
    bool dry_run = false;
    std::filesystem::path plan_json;  ///< where to write the dry run's plan; empty: print it as text
    std::filesystem::path state;      ///< overrides the state folder
    std::optional<bool> offline;
    int verbosity = 0;  ///< -1 quiet, 0 normal, 1 verbose, 2 more
    std::optional<ColorMode> color;
    std::vector<std::string> settings;  ///< "github.max_wait_s=60": what `--set` gives
    bool read_settings_file = true;
    std::vector<std::string> preload;  ///< primitives to load before the script, which may refuse their settings
};

/// One Lua interpreter with its loop, plan, secrets and settings: the object to embed.
///
///     uhost::Host host({});
///     return host.run_file("audit.lua", {"--repo", "."});
///
/// Belongs to the thread that made it, except interrupt(). Several may live in one process, one after the other or on
/// threads of their own.
class Host {
public:
    explicit Host(HostOptions options);
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    /// Run a script to its end and report what went wrong on standard error. Returns the exit code.
    int run_file(const std::filesystem::path& script, const std::vector<std::string>& arguments);
    int run_code(std::string_view code, const std::string& chunk_name, const std::vector<std::string>& arguments);

    /// Stops the script that runs, or the next one when none does: its tasks are cancelled and clean up, and the run ends
    /// with `exit_code`. Scripts that compute are stopped if there is an InterruptSignal. Safe in signal handlers and
    /// from any thread, as long as the host lives.
    void interrupt(int exit_code = 130) { scheduler_->interrupt(exit_code); }
    /// Whether an interrupt has been asked for and the run has not ended since.
    bool interrupted() const { return scheduler_->interrupted(); }

    /// Closes the interpreter: objects that scripts left open are closed, temporary folders removed. Idempotent.
    void close();
    /// Whether jobs that cancelled tasks left behind still run; destroying the host waits for them.
    bool jobs_left() const { return scheduler_->jobs_in_flight() > 0; }

    Loop& loop() { return loop_; }
    Scheduler& scheduler() { return *scheduler_; }
    Plan& plan() { return *plan_; }
    Vault& vault() { return vault_; }
    const Settings& settings() const { return settings_; }
    const Output& output() const { return *output_; }
    const Locations& locations() const { return locations_; }
    Services& services() { return services_; }
    lua_State* lua() { return interpreter_.state(); }

    /// What runs: the script's path, or the name of the code ("(command line)"); "" before.
    const std::string& script() const { return script_; }
    bool offline() const;
    int verbosity() const { return options_.verbosity; }
    /// Where histories, caches and the audit trail live; created (mode 0700) when first asked for. Throws `state.create`.
    const std::filesystem::path& state_folder();

private:
    void load_first();
    int run_chunk(const std::filesystem::path& script_folder, const std::vector<std::string>& arguments);
    int conclude(const Scheduler::Outcome& outcome);
    int report(const bind::Raised& raised);
    void show_plan();
    void set_arguments(const std::string& script, const std::vector<std::string>& arguments);

    HostOptions options_;
    Locations locations_;
    Vault vault_;
    Settings settings_;
    std::unique_ptr<Output> output_;
    std::unique_ptr<Plan> plan_;
    Loop loop_;
    Interpreter interpreter_;
    std::unique_ptr<Scheduler> scheduler_;
    Services services_;
    std::filesystem::path state_folder_;
    std::string script_;
};

}  // namespace uhost
