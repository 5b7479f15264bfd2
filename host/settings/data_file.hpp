#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "host/settings/settings.hpp"

struct lua_State;

namespace uhost {

/// Setting values by dotted name. Lists get names ending in their position ("path.1").
using SettingValues = std::map<std::string, Settings::Value, std::less<>>;

/// Runs a Lua file of this installation that returns a table of plain data (strings, numbers, booleans, tables of them),
/// in an interpreter of its own that has no library at all, and gives its leaves. For files that others may have written
/// see sandbox/evaluate.hpp. Throws `settings` with file and line.
SettingValues read_data_file(const std::filesystem::path& file);

/// The leaves of the table at the top of the stack, which has at most 16 levels. Throws `settings` for what is no plain
/// data, naming `file`.
SettingValues leaves_of(lua_State* L, const std::filesystem::path& file);

}  // namespace uhost
