#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

namespace uhost::git {

using ByteView = std::span<const std::uint8_t>;

/// The 32-bit big-endian number at `data`; the caller has checked that four bytes are there.
inline std::uint32_t big_endian_32(const std::uint8_t* data) noexcept {
    std::uint32_t value;
    std::memcpy(&value, data, sizeof value);
    return (std::endian::native == std::endian::little) ? __builtin_bswap32(value) : value;
}

/// The 64-bit big-endian number at `data`; the caller has checked that eight bytes are there.
inline std::uint64_t big_endian_64(const std::uint8_t* data) noexcept {
    std::uint64_t value;
    std::memcpy(&value, data, sizeof value);
    return (std::endian::native == std::endian::little) ? __builtin_bswap64(value) : value;
}

inline std::string_view as_text(ByteView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

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
