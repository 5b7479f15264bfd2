#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/modules/modules.hpp"
#include "host/settings/settings.hpp"

namespace uhost {

/// The file that SCRIPT on the command line means. A bare NAME is a command of uhost's (share/scripts/NAME.lua), else
/// NAME.lua in a folder of the setting `path` ($UHOST_PATH, separated by colons). What lies in the working folder or
/// the repository, which may be a stranger's, is never found by a bare name: it takes a path, with a '/' or the ending
/// ".lua". Throws `usage`, saying where it looked and what is near.
std::filesystem::path find_script(const std::string& name, const Settings& settings, const Locations& locations);

/// What `uhost run NAME` means: scripts/NAME.lua of the repository, found from every folder of it. Throws `usage`.
std::filesystem::path find_repository_script(const std::string& name);

/// A script as lists show it.
struct ScriptSummary {
    std::string name, summary;  ///< summary: the comment in its first line; may be empty
};

/// The commands that come with uhost, and the scripts of the repository that the working folder is in, by name.
std::vector<ScriptSummary> built_in_scripts(const Locations& locations);
std::vector<ScriptSummary> repository_scripts();

}  // namespace uhost
