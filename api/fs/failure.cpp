#include "api/fs/failure.hpp"

#include <fmt/format.h>

#include <cerrno>

namespace uhost::fs {

Error failure(const char* kind, std::string_view doing, const std::filesystem::path& path, int code) {
    return system_error(kind, fmt::format("cannot {} {}", doing, path.string()), code).with("path", path.string());
}

bool is_absence(int code) { return code == ENOENT || code == ENOTDIR; }

}  // namespace uhost::fs
