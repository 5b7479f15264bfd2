#include "api/git/history/oid.hpp"

#include <random>

#include "api/git/history/bytes.hpp"

namespace uhost::git {
namespace {

constexpr auto digit_values = [] {
    std::array<std::int8_t, 256> values;
    values.fill(-1);
    for (int i = 0; i < 10; ++i) values['0' + i] = static_cast<std::int8_t>(i);
    for (int i = 0; i < 6; ++i) values['a' + i] = values['A' + i] = static_cast<std::int8_t>(10 + i);
    return values;
}();

int digit_of(char c) noexcept { return digit_values[static_cast<unsigned char>(c)]; }

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

/// Ids are spread evenly, so the first guesses are made by proportion.
std::optional<std::uint32_t> find_row(const std::uint8_t* fanout, const std::uint8_t* oids, const Oid& oid) noexcept {
    constexpr unsigned max_guesses = 4;
    const unsigned first = oid.bytes[0];
    std::uint32_t low = first == 0 ? 0 : big_endian_32(fanout + 4 * (first - 1));
    std::uint32_t high = big_endian_32(fanout + 4 * first);
    const std::uint64_t wanted = big_endian_32(oid.bytes.data() + 1);
    std::uint64_t low_value = 0, high_value = std::uint64_t{1} << 32;  // of the four bytes after the first
    for (unsigned step = 0; low < high; ++step) {
        auto middle = low + (high - low) / 2;
        if (step < max_guesses && wanted >= low_value && wanted < high_value) {
            middle = low + static_cast<std::uint32_t>((wanted - low_value) * (high - low) / (high_value - low_value));
        }
        const auto* row = oids + std::size_t{middle} * Oid::size;
        const int order = std::memcmp(row, oid.bytes.data(), Oid::size);
        if (order == 0) return middle;
        (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
        (order < 0 ? low_value : high_value) = big_endian_32(row + 1);
    }
    return std::nullopt;
}

std::size_t OidHash::operator()(const Oid& oid) const noexcept {
    std::uint64_t prefix;
    std::memcpy(&prefix, oid.bytes.data(), sizeof prefix);
    prefix *= process_secret();
    return static_cast<std::size_t>(prefix ^ (prefix >> 32));
}

}  // namespace uhost::git
