#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/core/environment.hpp"
#include "host/core/error.hpp"
#include "host/plan/permissions.hpp"
#include "host/runtime/text_sink.hpp"

struct lua_State;

namespace uhost {

class Loop;
class Output;
class Plan;
class Scheduler;
class Services;
class Settings;
class Vault;
struct Locations;

enum class ColorMode { automatic, always, never };

/// How a host is set up. A host takes nothing from the process that is not here, except the current folder and standard
/// input; and it changes nothing in the process.
struct HostOptions {
    /// What scripts and settings see as the environment, and what programs that they start inherit. Libraries below read
    /// some variables of the process itself: libgit2 HOME, libcurl http_proxy and its like.
    Environment environment;
    /// Secrets by name ("GITHUB_TOKEN"), beside those that are in `environment` (see Vault::take_secrets).
    std::map<std::string, std::string> secrets;
    std::shared_ptr<TextSink> output;  ///< of `print` and the like; null: the process's standard output
    std::shared_ptr<TextSink> error;   ///< of messages; null: the process's standard error

    /// Told what happens as it happens, by topic and as JSON with secrets masked; on the host's thread, where it must not
    /// call the host. What it throws is raised in the script. New topics may come; those of today are
    /// - "log": {"level", "message", "fields"} of `log.…`, as far as `verbosity` shows it, and of the host's own warnings;
    /// - "plan": {"state", "kind", "target", "summary", "times", "details"} of a change to the world. In a dry run the
    ///   state is "planned"; otherwise "started" with an "id", then {"state": "done" or "failed", "id", "result"};
    /// - "event": what workflows keep as events, such as a crash test that was fixed: {"kind", "key", "severity", "title", …};
    /// - any other that a script gives `uhost.publish`.
    std::function<void(std::string_view topic, std::string_view json)> observer;
    std::function<std::chrono::system_clock::time_point()> clock;  ///< null: the system's. See now()
    /// What Lua values may take together; 0 for no limit. Default: the setting `memory`, then half of the memory.
    std::optional<std::size_t> memory_limit_bytes;
    /// What each run may take, from when it begins until all that it started has ended; 0 for no limit. It fails with
    /// `limit.time` or `limit.instructions`. Code that computes is stopped at its time only if there is an InterruptSignal,
    /// or a limit of instructions, with which Lua code is interpreted and never compiled.
    double time_limit_s = 0;
    std::uint64_t instruction_limit = 0;

    /// What scripts may reach. Default: what the settings `safe` and `allow_…` say, and without any, everything.
    std::optional<Permissions> permissions;
    /// The primitives that scripts find. Those that these use in turn (`policy` uses `fs` and `log`) have to be among them;
    /// json and tables always are. Default: all.
    std::optional<std::set<std::string>> primitives;
    bool dry_run = false;
    /// The script may switch the dry run off and on, and shows by itself what was planned: for the REPL.
    bool switchable_dry_run = false;
    std::filesystem::path plan_json;  ///< where to write the dry run's plan; empty: print it as text
    std::filesystem::path state;      ///< overrides the state folder
    std::optional<bool> offline;
    int verbosity = 0;  ///< -1 quiet, 0 normal, 1 verbose, 2 more
    std::optional<ColorMode> color;
    std::vector<std::string> settings;  ///< "http.timeout_s=60": what `--set` gives
    /// The repository's `uhost.lua`, and the user's own in ~/.config/uhost, as `environment` says where that is.
    bool read_settings_file = true;
    std::vector<std::string> preload;  ///< primitives to load before the script, which may refuse their settings
};

/// One Lua interpreter with its loop, plan, secrets and settings: the object to embed.
///
///     uhost::HostOptions options;
///     options.environment = uhost::Environment{{"HOME", "/var/lib/robot"}};
///     uhost::Host host(options);
///     return host.run_file("audit.lua", {"--repo", "."});
///
/// Belongs to the thread that made it, except interrupt(). Many may live in one process, one after the other or side by
/// side on threads of their own, and each may run many scripts, one after the other.
class Host {
public:
    /// Throws Error for settings that are wrong.
    explicit Host(HostOptions options);
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    /// Runs a script to its end and writes what went wrong to the error sink. Returns the exit code.
    int run_file(const std::filesystem::path& script, const std::vector<std::string>& arguments);
    /// The same for code. `chunk_name` stands for it in messages.
    int run_code(std::string_view code, const std::string& chunk_name, const std::vector<std::string>& arguments);

    /// Stops the script that runs, or the next one when none does: its tasks are cancelled and clean up, and the run ends
    /// with `exit_code`. Scripts that compute are stopped if there is an InterruptSignal. Safe in signal handlers and
    /// from any thread, as long as the host lives.
    void interrupt(int exit_code = 130);
    /// Whether an interrupt has been asked for and the run has not ended since.
    bool interrupted() const;
    /// Whether the script takes Ctrl-C for one of its tasks (task.interruptible) and runs on. Safe as interrupt() is.
    bool interrupts_are_taken() const;

    /// Whether there is an observer, and telling it. The JSON is masked here.
    bool observed() const;
    void publish(std::string_view topic, std::string_view json) const;

    /// Closes the interpreter: objects that scripts left open are closed, temporary folders removed. Idempotent.
    void close();
    /// Whether jobs that cancelled tasks left behind still run; destroying the host waits for them.
    bool jobs_left() const;

    /// The names of the secrets that were taken out of the environment.
    const std::vector<std::string>& secrets_taken() const;

    // For primitives, which include the header of what they use.

    const Environment& environment() const;
    const Settings& settings() const;
    const Output& output() const;
    const Locations& locations() const;
    Vault& vault();
    Permissions& permissions();
    Plan& plan();
    Loop& loop();
    Scheduler& scheduler();
    Services& services();
    lua_State* lua();

    /// What runs: the script's path, or the name of the code ("(command line)"); "" before.
    const std::string& script() const;
    bool offline() const;
    int verbosity() const;
    /// By the clock of the options: what scripts, log lines, commits and tokens take for now. Only the audit trail keeps
    /// to the system's, since it says when a change was really made.
    std::chrono::system_clock::time_point now() const;
    /// Where histories, caches and the audit trail live; created (mode 0700) when first asked for. Throws `state.create`.
    const std::filesystem::path& state_folder();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace uhost
