#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/core/descriptor.hpp"
#include "host/core/read_only_confinement.hpp"

namespace uhost {

/// "NAME=value" entries, as execve takes them.
using EnvironmentEntries = std::vector<std::string>;
/// Changes to an environment: a value, or nothing to remove the variable.
using EnvironmentChanges = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// The environment of this process.
EnvironmentEntries current_environment();
/// `base` with `changes` applied.
EnvironmentEntries with_changes(const EnvironmentEntries& base, const EnvironmentChanges& changes);

/// Set with setrlimit(2) in the child before the program starts; what it starts in turn inherits them. They hold for
/// each process by itself, not for all together. A limit above the one that this process has itself is lowered to it.
struct ResourceLimits {
    std::optional<std::uint64_t> cpu_seconds{};   ///< SIGXCPU at the limit, SIGKILL one second later
    std::optional<std::uint64_t> memory_bytes{};  ///< of address space: allocations beyond it fail
    std::optional<std::uint64_t> file_bytes{};    ///< of any file it writes: SIGXFSZ
    std::optional<std::uint64_t> open_files{};
};

/// A program to start.
struct SpawnOptions {
    std::vector<std::string> arguments{};  ///< argv; the first is what the program is called by
    /// The file to execute. When empty, the first argument is: looked up in the PATH of `environment`, unless it has a
    /// slash.
    std::string program{};
    EnvironmentEntries environment{};
    std::string folder{};  ///< where it runs; empty: the current folder
    /// Its standard input, output and error; -1 is /dev/null.
    std::array<int, 3> streams{-1, -1, -1};
    ResourceLimits limits{};
    std::shared_ptr<const ReadOnlyConfinement> confinement{};  ///< null: it may change what this process may
    /// A process of its own watches over the program (host/core/supervisor.hpp): nothing that it starts outlives it or
    /// this process.
    bool supervised = false;
};

/// How a process ended, and what it used.
struct ProcessExit {
    int code = 0;    ///< of a process that ended by itself
    int signal = 0;  ///< that ended it; otherwise 0
    bool core_dumped = false;
    /// As wait4(2) counts: for the process and those of its descendants that were waited for by their parents. A daemon
    /// that left, or a child that nobody waited for, is not included, unless the program is supervised.
    double user_seconds = 0, system_seconds = 0;
    std::int64_t peak_memory_bytes = 0;  ///< the largest resident size that one of these processes had
    /// From and to disks; what the page cache answers does not count.
    std::int64_t read_bytes = 0, written_bytes = 0;
};

/// A child process: in a session and process group of its own, so that a terminal's Ctrl-C does not reach it; with
/// default signal handlers and none of this process's open files. The destructor kills the group and waits for the
/// process. Move-only; one thread at a time. SIGCHLD must not be ignored, or how children end is lost.
class ChildProcess {
public:
    /// Starts a program and returns when it runs. Throws std::system_error with the reason, also that of a failed
    /// chdir(2) or execve(2) in the child. From any thread.
    static ChildProcess spawn(const SpawnOptions& options);

    ChildProcess(ChildProcess&& other) noexcept
        : id_(std::exchange(other.id_, -1)),
          exit_descriptor_(std::move(other.exit_descriptor_)),
          report_(std::move(other.report_)),
          exit_(other.exit_) {}
    ChildProcess& operator=(ChildProcess&&) = delete;
    ~ChildProcess();

    pid_t id() const { return id_; }
    /// Becomes readable when the process ends (a pidfd); -1 where the kernel has none: then ask try_wait() at times.
    int exit_descriptor() const { return exit_descriptor_.get(); }

    /// How it ended; nothing while it runs.
    const std::optional<ProcessExit>& try_wait();
    /// Waits for its end.
    const ProcessExit& wait();
    /// Sends a signal to its group. False when nothing is left of it.
    bool signal_group(int signal) const;
    /// Asks the supervisor to end all at once, which it does even to processes that have left the group; then it ends
    /// itself. False when there is none.
    bool end_supervised() const;

private:
    ChildProcess(pid_t id, Descriptor report);
    void collect(int flags);

    pid_t id_;
    Descriptor exit_descriptor_;
    Descriptor report_;  // of the supervisor; none without one
    std::optional<ProcessExit> exit_;
};

}  // namespace uhost
