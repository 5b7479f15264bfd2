#pragma once

#include <filesystem>

namespace uhost {

class Host;

/// Puts Lua's own libraries behind the plan and the permissions. Under a dry run `io.open`, `os.remove` and their like
/// plan what they would change, and `os.execute` and `io.popen` run where they can change nothing. Where permissions
/// are limited they ask first, and what leads out of Lua (`ffi`, C modules, compiled Lua, most of `debug`) is gone
/// unless it is allowed. With neither the libraries stay as they are: nothing is slower.
void guard_libraries(Host& host);

/// Lets `require` read the Lua files below the script's folder, beside those that come with uhost.
void allow_modules_below(Host& host, const std::filesystem::path& script_folder);

}  // namespace uhost
