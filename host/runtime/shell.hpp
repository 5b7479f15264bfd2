#pragma once

#include <string>

#include "host/core/environment.hpp"
#include "host/runtime/output.hpp"

namespace uhost {

/// Runs a command as system(3) does, in the same session and with the same standard input, while what it prints passes
/// through `output`, where secrets are masked. Blocks until it ends; what it leaves running in the background is not
/// waited for. Returns its wait(2) status, -1 if it cannot be started.
int run_shell(const std::string& command, const Environment& environment, const Output& output);

}  // namespace uhost
