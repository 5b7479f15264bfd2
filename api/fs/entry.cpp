#include "api/fs/entry.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "api/fs/failure.hpp"

namespace uhost::fs {
namespace {

const char* type_name(mode_t mode) {
    if (S_ISREG(mode)) return "file";
    if (S_ISDIR(mode)) return "directory";
    if (S_ISLNK(mode)) return "symlink";
    if (S_ISFIFO(mode)) return "fifo";
    if (S_ISSOCK(mode)) return "socket";
    return "device";
}

}  // namespace

std::optional<Status> status(const std::filesystem::path& path, bool follow) {
    struct stat found {};
    const int code = follow ? ::stat(path.c_str(), &found) : ::lstat(path.c_str(), &found);
    if (code != 0 && is_absence(errno)) return std::nullopt;
    if (code != 0) throw failure("fs.stat", "look at", path, errno);
    return Status{type_name(found.st_mode), found.st_size, found.st_mtime,
                  fmt::format("{:04o}", found.st_mode & 07777)};
}

std::vector<std::string> list(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    try {
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            names.push_back(entry.path().filename().string());
    } catch (const std::filesystem::filesystem_error& error) {
        throw failure("fs.list", "list", folder, error.code().value());
    }
    std::ranges::sort(names);
    return names;
}

}  // namespace uhost::fs
