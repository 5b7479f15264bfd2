#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace uhost::fs {

/// What is at a path.
struct Status {
    std::string type;  ///< "file", "directory", "symlink", "fifo", "socket", "device"
    std::int64_t size_bytes = 0;
    std::int64_t modified_s = 0;  ///< Unix seconds
    std::string mode;             ///< permissions, octal: "0644"
};

/// Nothing when nothing is there. With `follow`, a symbolic link stands for what it points to. Throws `fs.stat`.
std::optional<Status> status(const std::filesystem::path& path, bool follow);

/// The names in a folder, sorted bytewise. Throws `fs.list`.
std::vector<std::string> list(const std::filesystem::path& folder);

}  // namespace uhost::fs
