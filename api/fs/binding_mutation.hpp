#pragma once

#include <filesystem>

#include "host/bind/call.hpp"

namespace uhost::fs {

/// The path in argument `index`; throws `argument` for "" and for one with a NUL byte.
std::filesystem::path path_at(const bind::Call& call, int index, const char* name);

/// Whether a change to `path` may be made. In a dry run it is recorded instead, unless it lies in a temporary folder of
/// this process or in the state folder, which a dry run uses as well.
bool may_change(bind::Call& call, const char* kind, const std::filesystem::path& path, const std::string& summary);

}  // namespace uhost::fs
