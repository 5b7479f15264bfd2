#pragma once

#include <filesystem>

namespace uhost::fs {

/// A folder of one's own in TMPDIR (or /tmp), mode 0700, removed with all that is in it when this is destroyed.
class TempFolder {
public:
    /// Throws `fs.temp_dir`.
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

    /// Whether a path lies in one that this process has now. From any thread.
    static bool any_holds(const std::filesystem::path& path);

private:
    std::filesystem::path path_;
};

/// Whether `path`, its links followed as far as it exists, lies at or below `folder`.
bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace uhost::fs
