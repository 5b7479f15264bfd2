#include "api/fs/failure.hpp"

#include <fmt/format.h>

#include <cerrno>

namespace uhost::fs {

Error failure(const char* kind, std::string_view doing, const std::filesystem::path& path, int code) {
    auto error =
        system_error(kind, fmt::format("cannot {} {}", doing, path.string()), code).with("path", path.string());
    switch (code) {
        case ENOTEMPTY:
        case EEXIST:
            return std::move(error).hint("something is there already; remove it first, or choose another name");
        case EISDIR:
            return std::move(error).hint("it is a folder; name a file");
        case ENOTDIR:
            return std::move(error).hint("a part of the path is a file, not a folder");
        case ELOOP:
            return std::move(error).hint("symbolic links lead in a circle");
        case ENAMETOOLONG:
            return std::move(error).hint("choose a shorter name");
        case EXDEV:
            return std::move(error).hint("they lie on different disks; copy, then remove");
        default:
            return error;
    }
}

bool is_absence(int code) { return code == ENOENT || code == ENOTDIR; }

}  // namespace uhost::fs
