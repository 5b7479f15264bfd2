#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/core/error.hpp"

namespace uhost::process {

/// A program to run, as execvp takes it: no shell is involved anywhere.
struct Command {
    std::vector<std::string> arguments;  ///< the first is the program, looked up in the child's PATH
    std::string folder;                  ///< where it runs; "" is the current folder
    bool clear_environment = false;      ///< start from an empty environment instead of this process's
    /// Laid over it; nothing as the value takes a variable away.
    std::vector<std::pair<std::string, std::optional<std::string>>> environment;
};

/// The command as one could type it into a shell, for messages only.
std::string quoted(const std::vector<std::string>& arguments);

/// "NAME=value" entries for the child.
std::vector<std::string> child_environment(const Command& command);

/// Throws `argument` when it cannot be passed to execve at all: no program, a NUL byte, a variable name with "=".
void check(const Command& command);

/// Why starting failed with this errno value, and what to do: `process.not_found`, `process.folder`, `process.start`.
Error start_error(const Command& command, int code);

}  // namespace uhost::process
