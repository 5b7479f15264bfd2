#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace uhost {

/// A file mapped read-only into memory for as long as the object lives; movable, not copyable.
///
/// Meant for files that are never written in place, such as git's packs or what an AtomicFile wrote: one that another
/// process cut short while it is mapped would end this process with SIGBUS, as it would end git.
class MappedFile {
public:
    /// Maps the whole file; nothing if it cannot be opened, is empty or is not a regular file.
    static std::optional<MappedFile> open(const std::filesystem::path& path) noexcept;

    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    std::span<const std::uint8_t> bytes() const noexcept { return bytes_; }

private:
    explicit MappedFile(std::span<const std::uint8_t> bytes) noexcept : bytes_(bytes) {}
    std::span<const std::uint8_t> bytes_;
};

}  // namespace uhost
