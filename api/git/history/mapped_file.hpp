#pragma once

#include <filesystem>
#include <optional>

#include "api/git/history/bytes.hpp"

namespace uhost::git {

/// A file mapped read-only into memory for as long as the object lives; movable, not copyable.
///
/// Meant for git's packs and indexes, which are never written in place: a file that another process cut short while it
/// is mapped would end this process with SIGBUS, as it would end git.
class MappedFile {
public:
    /// Maps the whole file; nothing if it cannot be opened, is empty or is not a regular file.
    static std::optional<MappedFile> open(const std::filesystem::path& path) noexcept;

    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    ByteView bytes() const noexcept { return bytes_; }

private:
    explicit MappedFile(ByteView bytes) noexcept : bytes_(bytes) {}
    ByteView bytes_;
};

}  // namespace uhost::git
