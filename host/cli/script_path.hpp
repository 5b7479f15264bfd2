#pragma once

#include <filesystem>
#include <string>

#include "host/modules/modules.hpp"
#include "host/settings/settings.hpp"

namespace uhost {

/// The file that SCRIPT on the command line means: an existing path as it is; a bare NAME as NAME.lua in ./scripts, the
/// folders of the setting `path` ($UHOST_PATH, separated by colons), then the installation. Throws `usage`, naming the
/// folders searched and what is near.
std::filesystem::path find_script(const std::string& name, const Settings& settings, const Locations& locations);

}  // namespace uhost
