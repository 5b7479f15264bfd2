#pragma once

#include <filesystem>
#include <string_view>

#include "host/core/error.hpp"

namespace uhost::fs {

/// "cannot DO PATH: why", with a remedy that fits `code` (an errno value).
Error failure(const char* kind, std::string_view doing, const std::filesystem::path& path, int code);

/// Whether it means that nothing is there.
bool is_absence(int code);

}  // namespace uhost::fs
