#include "host/core/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace uhost {
namespace {

struct Decoded {
    std::uint32_t code;
    std::size_t bytes;  // 0: no UTF-8
};

// One code point of UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {0, 0};
    std::uint32_t code = lead & (0x7fU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {0, 0};
        code = code << 6 | (byte(i) & 0x3f);
    }
    constexpr std::uint32_t least[]{0, 0, 0x80, 0x800, 0x10000};
    if (code < least[bytes] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {0, 0};
    return {code, bytes};
}

bool is_plain(char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t'; }

// Marks and overrides of direction, line and paragraph separators, the byte order mark, and the C1 controls.
bool is_deceptive(std::uint32_t code) {
    return (code >= 0x80 && code <= 0x9f) || code == 0x61c || code == 0x200e || code == 0x200f ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

void append_visible(std::string& result, std::string_view original, std::uint32_t code) {
    if (code < 0x20) {
        result += "\xe2\x90";
        result += static_cast<char>(0x80 + code);  // U+2400 and on: SYMBOL FOR NULL …
    } else if (code == 0x7f) {
        result += "\xe2\x90\xa1";  // SYMBOL FOR DELETE
    } else if (is_deceptive(code)) {
        result += fmt::format("<U+{:04X}>", code);
    } else {
        result += original;
    }
}

bool is_ascii_graphic(char c) { return c > ' ' && c <= '~'; }

}  // namespace

std::string visible(std::string_view text) {
    if (std::ranges::all_of(text, is_plain)) return std::string(text);
    std::string result;
    result.reserve(text.size() + 16);
    while (!text.empty()) {
        const auto [code, bytes] = is_plain(text[0]) ? Decoded{0, 0} : decode(text);
        if (is_plain(text[0])) {
            result += text[0];
        } else if (bytes == 0) {
            result += "\xef\xbf\xbd";  // REPLACEMENT CHARACTER
        } else {
            append_visible(result, text.substr(0, bytes), code);
        }
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return result;
}

std::string without_workflow_commands(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    bool line_begins = true;  // nothing but white space, or what might pass for it, so far
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto rest = text.substr(i);
        if (line_begins && rest.starts_with("::")) {
            result += ": ";
            line_begins = false;
        } else if (rest.starts_with("##[")) {
            result += "## ";
            ++i;
            line_begins = false;
        } else {
            result += text[i];
            if (is_ascii_graphic(text[i])) line_begins = false;
            if (text[i] == '\n' || text[i] == '\r') line_begins = true;
        }
    }
    return result;
}

bool in_github_actions() {
    const char* value = std::getenv("GITHUB_ACTIONS");
    return value != nullptr && std::string_view(value) == "true";
}

}  // namespace uhost
