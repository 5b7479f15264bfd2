#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "host/core/mapped_file.hpp"

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

}  // namespace uhost::git
