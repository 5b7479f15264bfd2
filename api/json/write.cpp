#include "api/json/write.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "host/core/utf8.hpp"

namespace uhost::json {
namespace {

constexpr double exact_integers = 9007199254740992.0;  // 2^53
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

void append_escape(std::string& out, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    switch (byte) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += "\\u00";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
    }
}

// Printable ASCII that needs no escape: most of what is ever written.
constexpr auto plain = [] {
    std::array<bool, 256> table{};
    for (std::size_t byte = 0x20; byte < 0x80; ++byte) table[byte] = byte != '"' && byte != '\\';
    return table;
}();

}  // namespace

std::optional<std::size_t> append_string(std::string& out, std::string_view text, bool replace) {
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        auto end = i;
        while (end < text.size() && plain[static_cast<unsigned char>(text[end])]) ++end;
        out.append(text, i, end - i);
        i = end;
        if (i == text.size()) break;
        const auto code_point = utf8::decode(text.substr(i));
        const auto length = code_point.valid ? code_point.bytes : 1;
        if (!code_point.valid && !replace) return i;
        if (!code_point.valid) {
            out += utf8::replacement_character;
        } else if (length == 1) {
            append_escape(out, static_cast<unsigned char>(text[i]));
        } else {
            out.append(text, i, length);
        }
        i += length;
    }
    out += '"';
    return std::nullopt;
}

void append_number(std::string& out, double value) {
    std::array<char, 32> digits;
    const bool negative_zero = value == 0 && std::signbit(value);  // as a whole number it would lose its sign
    if (negative_zero) {
        out += "-0.0";
        return;
    }
    const bool whole = std::fabs(value) <= exact_integers && std::floor(value) == value;
    const auto end = whole ? std::to_chars(digits.begin(), digits.end(), static_cast<std::int64_t>(value)).ptr
                           : std::to_chars(digits.begin(), digits.end(), value).ptr;
    out.append(digits.data(), static_cast<std::size_t>(end - digits.begin()));
}

}  // namespace uhost::json
