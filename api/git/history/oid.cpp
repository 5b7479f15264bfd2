#include "api/git/history/oid.hpp"

#include <random>

namespace uhost::git {
namespace {

int digit_of(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::uint64_t process_secret() {
    static const std::uint64_t secret = [] {
        std::random_device device;
        return ((std::uint64_t{device()} << 32) | device()) | 1;
    }();
    return secret;
}

}  // namespace

std::optional<Oid> Oid::from_hex(std::string_view text) noexcept {
    if (text.size() != 2 * size) return std::nullopt;
    Oid oid;
    for (std::size_t i = 0; i < size; ++i) {
        const int high = digit_of(text[2 * i]);
        const int low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        oid.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return oid;
}

std::string Oid::hex() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(2 * size, '0');
    for (std::size_t i = 0; i < size; ++i) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return text;
}

std::size_t OidHash::operator()(const Oid& oid) const noexcept {
    std::uint64_t prefix;
    std::memcpy(&prefix, oid.bytes.data(), sizeof prefix);
    prefix *= process_secret();
    return static_cast<std::size_t>(prefix ^ (prefix >> 32));
}

}  // namespace uhost::git
