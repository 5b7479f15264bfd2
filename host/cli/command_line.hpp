#pragma once

#include <string>
#include <vector>

#include "host/runtime/host.hpp"

namespace uhost {

/// What the command line asks for.
struct CommandLine {
    enum class Action { run_script, run_repository_script, run_code, run_standard_input, show_text };

    Action action = Action::show_text;
    HostOptions host;
    std::string subject;                 ///< the script's path or name, the code, or the text to show
    std::vector<std::string> arguments;  ///< the script's own
};

/// Host options come before the script or beside `-e`; all behind is the script's. Throws `usage`.
CommandLine parse_command_line(int count, char** arguments);

}  // namespace uhost
