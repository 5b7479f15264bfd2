#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/core/environment.hpp"
#include "host/modules/modules.hpp"
#include "host/settings/data_file.hpp"

namespace uhost {

/// What a file of settings holds. Whoever wrote it, it is evaluated in a sandbox worker, because this process holds
/// secrets; with `all_layers`, only in a worker that the kernel keeps in wholly. Blocks; a file may compute for a
/// second. Throws `settings` with file and line for what is wrong in it.
SettingValues evaluate_settings(const Locations& locations, const std::filesystem::path& file, std::string_view source,
                                bool all_layers = false);

/// Which files of settings were read, and what keeps others from it.
struct SettingsFiles {
    std::vector<std::string> read, warnings;
};

/// Reads the `uhost.lua` of the repository around `folder`, and the user's own in ~/.config/uhost. The repository's is
/// left out with a warning when a symbolic link leads out of it, or somebody else owns it; so is one above its root.
SettingsFiles read_settings_files(Settings& settings, const Locations& locations, const Environment& environment,
                                  const std::filesystem::path& folder);

}  // namespace uhost
