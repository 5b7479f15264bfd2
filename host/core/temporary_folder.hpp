#pragma once

#include <filesystem>
#include <vector>

namespace uhost {

/// A folder of one's own, mode 0700, removed with all that is in it when this is destroyed.
class TemporaryFolder {
public:
    /// Throws an Error of `kind`.
    TemporaryFolder(const std::filesystem::path& parent, const char* kind);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    /// Resolved, see resolved_path.
    const std::filesystem::path& path() const { return path_; }

    /// Those that this process has now. From any thread.
    static std::vector<std::filesystem::path> all();
    /// Whether a resolved path lies in one of them. From any thread.
    static bool any_holds(const std::filesystem::path& path);

private:
    std::filesystem::path path_;
};

}  // namespace uhost
