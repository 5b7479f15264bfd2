#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "host/settings/settings.hpp"

namespace uhost {

/// Runs a Lua file that returns a table of plain data (strings, numbers, booleans, tables of them), in an interpreter of
/// its own that has no library at all, and gives its leaves by dotted name. Lists get names ending in their position
/// ("path.1"). Text only (no bytecode); at most 1 MiB of file, 16 MiB of memory, 10 million instructions, 16 levels.
/// Throws `settings` with file and line.
std::map<std::string, Settings::Value, std::less<>> read_data_file(const std::filesystem::path& file);

}  // namespace uhost
