#pragma once

#include <string>
#include <vector>

#include "host/core/spawn.hpp"

namespace uhost::process {

/// A program to run, as execvp takes it: no shell is involved.
struct Command {
    std::vector<std::string> arguments;  ///< the first is the program, looked up in the child's PATH
    std::string folder;                  ///< where it runs; "" is the current folder
    bool clear_environment = false;      ///< start from an empty environment instead of this process's
    EnvironmentChanges environment;
    ResourceLimits limits;
};

/// The command as one could type it into a shell, for messages only.
std::string quoted(const std::vector<std::string>& arguments);

/// Throws `argument` when it cannot be passed to execve at all: no program, a NUL byte, a variable name with "=".
void check(const Command& command);

/// What to start, with the standard streams still to be set.
SpawnOptions spawn_options(const Command& command);

}  // namespace uhost::process
