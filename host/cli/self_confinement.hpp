#pragma once

#include <filesystem>

#include "host/runtime/host.hpp"

namespace uhost {

/// Where a script may use neither the network nor programs, and change no repository, has the kernel hold this process to
/// that and to the files that the script may use: should it find a fault in LuaJIT, or a way around a check, the rest stays
/// out of its reach. `plan_file` (or "") is written at the end. To be called while the process has one thread. Does nothing
/// for other scripts, and where the kernel has no Landlock.
void confine_process(Host& host, const std::filesystem::path& script_folder, const std::filesystem::path& plan_file);

}  // namespace uhost
