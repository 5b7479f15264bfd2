#pragma once

#include <filesystem>

#include "host/core/environment.hpp"
#include "host/runtime/host.hpp"
#include "host/settings/settings.hpp"

namespace uhost {

// What the options of a host and its settings say together; an option goes over a setting. Throw `settings` for a setting
// that is wrong.

ColorMode color_mode(const HostOptions& options, const Settings& settings);
/// 0 is no limit.
std::size_t memory_limit_bytes(const HostOptions& options, const Settings& settings);
Permissions permissions_of(const HostOptions& options, const Settings& settings);

/// Where the state folder is that nobody named. Throws `state.create`.
std::filesystem::path default_state_folder(const Environment& environment);

}  // namespace uhost
