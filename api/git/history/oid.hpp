#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace uhost::git {

/// A SHA-1 object id by value. All zero means "no object".
struct Oid {
    static constexpr std::size_t size = 20;
    std::array<std::uint8_t, size> bytes{};

    auto operator<=>(const Oid&) const = default;

    bool is_zero() const noexcept { return *this == Oid{}; }

    /// The id in the 20 bytes at `data`.
    static Oid from_bytes(const std::uint8_t* data) noexcept {
        Oid oid;
        std::memcpy(oid.bytes.data(), data, size);
        return oid;
    }

    /// The id written as 40 hexadecimal digits, or nothing if `text` is not that.
    static std::optional<Oid> from_hex(std::string_view text) noexcept;

    /// 40 lower-case hexadecimal digits.
    std::string hex() const;
};

/// The row of `oid` in a sorted table of ids; `fanout` counts, for each first byte, the rows up to its last (see
/// gitformat-pack). For tables of packs and commit-graphs, whose fanout was checked.
std::optional<std::uint32_t> find_row(const std::uint8_t* fanout, const std::uint8_t* oids, const Oid& oid) noexcept;

/// Hashes an id with a secret of the process, so that a crafted history cannot make every lookup collide.
struct OidHash {
    std::size_t operator()(const Oid& oid) const noexcept;
};

}  // namespace uhost::git
