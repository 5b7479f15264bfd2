#include "host/core/utf8.hpp"

#include <algorithm>
#include <utility>

namespace uhost::utf8 {
namespace {

struct Lead {
    std::size_t length;                    // of the sequence; 0: no sequence begins with this byte
    unsigned char second_min, second_max;  // the range of the second byte, the only one that depends on the first
};

// Unicode standard, table 3-7.
constexpr Lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {1, 0, 0};
    if (byte < 0xC2) return {0, 0, 0};
    if (byte < 0xE0) return {2, 0x80, 0xBF};
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    if (byte < 0xF0) return {3, 0x80, 0xBF};
    if (byte == 0xF0) return {4, 0x90, 0xBF};
    if (byte < 0xF4) return {4, 0x80, 0xBF};
    if (byte == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

constexpr bool is_surrogate(char32_t value) { return value >= 0xD800 && value <= 0xDFFF; }
constexpr bool is_high_surrogate(char32_t value) { return value >= 0xD800 && value <= 0xDBFF; }
constexpr bool is_low_surrogate(char32_t value) { return value >= 0xDC00 && value <= 0xDFFF; }

}  // namespace

CodePoint decode(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    Lead lead = lead_of(byte(0));
    if (lead.length == 1) return {byte(0), 1, true};
    char32_t value = byte(0) & (0x7FU >> lead.length);
    for (std::size_t i = 1; i < lead.length; ++i) {
        if (i == text.size() || byte(i) < lead.second_min || byte(i) > lead.second_max) return {0, i, false};
        lead.second_min = 0x80;
        lead.second_max = 0xBF;
        value = value << 6U | (byte(i) & 0x3FU);
    }
    return {value, std::max<std::size_t>(lead.length, 1), lead.length != 0};
}

std::optional<std::size_t> find_invalid(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        if (static_cast<unsigned char>(text[i]) < 0x80) {
            ++i;
            continue;
        }
        const auto code_point = decode(text.substr(i));
        if (!code_point.valid) return i;
        i += code_point.bytes;
    }
    return std::nullopt;
}

std::string_view truncate(std::string_view text, std::size_t max_bytes) noexcept {
    if (text.size() <= max_bytes) return text;
    auto end = max_bytes;
    while (end > 0 && is_continuation(text[end])) --end;
    return text.substr(0, end);
}

void append(std::string& text, char32_t code_point) {
    const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
    if (code_point < 0x80) return put(code_point);
    if (code_point < 0x800) {
        put(0xC0U | code_point >> 6U);
    } else if (code_point > 0x10FFFF || is_surrogate(code_point)) {
        text += replacement_character;
        return;
    } else if (code_point < 0x10000) {
        put(0xE0U | code_point >> 12U);
        put(0x80U | (code_point >> 6U & 0x3FU));
    } else {
        put(0xF0U | code_point >> 18U);
        put(0x80U | (code_point >> 12U & 0x3FU));
        put(0x80U | (code_point >> 6U & 0x3FU));
    }
    put(0x80U | (code_point & 0x3FU));
}

void Utf16Decoder::decode(std::string_view bytes, std::string& text) {
    for (const char c : bytes) {
        const int byte = static_cast<unsigned char>(c);
        if (first_byte_ < 0) {
            first_byte_ = byte;
            continue;
        }
        const int unit = big_endian_ ? first_byte_ << 8 | byte : byte << 8 | first_byte_;
        first_byte_ = -1;
        add_unit(static_cast<char32_t>(unit), text);
    }
}

void Utf16Decoder::add_unit(char32_t unit, std::string& text) {
    const char32_t high = std::exchange(high_surrogate_, 0);
    if (high != 0 && is_low_surrogate(unit)) {
        append(text, 0x10000 + ((high - 0xD800) << 10U) + (unit - 0xDC00));
        return;
    }
    if (high != 0) text += replacement_character;
    if (is_high_surrogate(unit)) {
        high_surrogate_ = unit;
    } else {
        append(text, unit);  // a low surrogate that stands alone becomes U+FFFD
    }
}

void Utf16Decoder::finish(std::string& text) {
    if (high_surrogate_ != 0 || first_byte_ >= 0) text += replacement_character;
    high_surrogate_ = 0;
    first_byte_ = -1;
}

}  // namespace uhost::utf8
