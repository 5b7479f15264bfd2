#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/core/error.hpp"
#include "host/core/spawn.hpp"
#include "host/plan/confined_commands.hpp"

namespace uhost::process {

/// A program to run, as execvp takes it: no shell is involved.
struct Command {
    std::vector<std::string> arguments;  ///< the first is the program, looked up in the child's PATH
    std::string folder;                  ///< where it runs; "" is the current folder
    EnvironmentEntries inherited;        ///< the environment that it starts from
    EnvironmentChanges environment;
    ResourceLimits limits;
    bool supervised = false;               ///< nothing that it starts outlives it or this process
    ConfinedCommands* confined = nullptr;  ///< what keeps it from changing anything; null: it may
};

/// How a program ended: by itself with a code, or by a signal; and what it used, see ProcessExit.
struct Ending {
    std::optional<int> code;
    int signal = 0;
    double duration_s = 0, user_s = 0, system_s = 0;
    std::int64_t peak_memory_bytes = 0, read_bytes = 0, written_bytes = 0;
    bool core_dumped = false;
};

/// The command as one could type it into a shell, for messages only.
std::string quoted(const std::vector<std::string>& arguments);

/// Throws `argument` when it cannot be passed to execve at all: no program, a NUL byte, a variable name with "=".
void check(const Command& command);

/// What to start, with the standard streams still to be set.
SpawnOptions spawn_options(const Command& command);

/// "SIGTERM" for 15; "signal 77" for one without a name.
std::string signal_name(int number);

/// The number of "SIGTERM" or "TERM"; nothing for an unknown name.
std::optional<int> signal_number(std::string_view name);

/// Why starting failed with this errno value, and what to do: `process.not_found`, `process.folder`, `process.start`.
Error start_error(const Command& command, int code);

/// `process.failed`: a program ended with another code than 0, or by a signal. The message ends with the last line of
/// `errors`, what it wrote to standard error; `native` holds the last lines.
Error failed(const std::vector<std::string>& arguments, const Ending& ending, std::string_view errors);

/// `process.timeout`: it was ended because it took longer than it was given.
Error timed_out(const std::vector<std::string>& arguments, double timeout_s, std::string_view errors);

/// `process.too_much_output`: more than `max_bytes` of its output were waiting to be read.
Error too_much_output(const std::vector<std::string>& arguments, std::size_t max_bytes);

}  // namespace uhost::process
