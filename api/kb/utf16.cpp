#include "api/kb/utf16.hpp"

namespace uhost::kb {
namespace {

constexpr unsigned replacement = 0xFFFD;

void append_utf8(unsigned point, std::string& text) {
    const auto byte = [&](unsigned value) { text += static_cast<char>(value); };
    if (point < 0x80) return byte(point);
    if (point < 0x800) {
        byte(0xC0U | point >> 6U);
    } else if (point < 0x10000) {
        byte(0xE0U | point >> 12U);
        byte(0x80U | (point >> 6U & 0x3FU));
    } else {
        byte(0xF0U | point >> 18U);
        byte(0x80U | (point >> 12U & 0x3FU));
        byte(0x80U | (point >> 6U & 0x3FU));
    }
    byte(0x80U | (point & 0x3FU));
}

}  // namespace

void Utf16Decoder::decode(std::string_view bytes, std::string& text) {
    for (const char c : bytes) {
        const int byte = static_cast<unsigned char>(c);
        if (first_byte_ < 0) {
            first_byte_ = byte;
            continue;
        }
        const auto value = big_endian_ ? first_byte_ << 8 | byte : byte << 8 | first_byte_;
        first_byte_ = -1;
        unit(static_cast<unsigned>(value), text);
    }
}

void Utf16Decoder::unit(unsigned value, std::string& text) {
    const bool low = value >= 0xDC00 && value <= 0xDFFF;
    if (high_ != 0 && low) {
        append_utf8(0x10000 + ((high_ - 0xD800) << 10U) + (value - 0xDC00), text);
        high_ = 0;
        return;
    }
    if (high_ != 0) append_utf8(replacement, text);
    high_ = 0;
    if (value >= 0xD800 && value <= 0xDBFF) {
        high_ = value;
    } else {
        append_utf8(low ? replacement : value, text);
    }
}

void Utf16Decoder::finish(std::string& text) {
    if (high_ != 0 || first_byte_ >= 0) append_utf8(replacement, text);
    high_ = 0;
    first_byte_ = -1;
}

}  // namespace uhost::kb
