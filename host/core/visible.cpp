#include "host/core/visible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "host/core/utf8.hpp"

namespace uhost {
namespace {

bool is_plain(char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\t'; }

// Marks and overrides of direction, line and paragraph separators, the byte order mark, and the C1 controls.
bool is_deceptive(char32_t code) {
    return (code >= 0x80 && code <= 0x9f) || code == 0x61c || code == 0x200e || code == 0x200f ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

void append_visible(std::string& result, std::string_view original, char32_t code) {
    if (code < 0x20) {
        result += "\xe2\x90";
        result += static_cast<char>(0x80 + code);  // U+2400 and on: SYMBOL FOR NULL …
    } else if (code == 0x7f) {
        result += "\xe2\x90\xa1";  // SYMBOL FOR DELETE
    } else if (is_deceptive(code)) {
        result += fmt::format("<U+{:04X}>", static_cast<unsigned>(code));
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
        const auto [code, bytes, valid] = utf8::decode(text);
        const auto size = valid ? bytes : 1;
        if (is_plain(text[0])) {
            result += text[0];
        } else if (valid) {
            append_visible(result, text.substr(0, size), code);
        } else {
            result += utf8::replacement_character;
        }
        text.remove_prefix(size);
    }
    return result;
}

std::string visible_line(std::string_view text) {
    std::string result;
    for (const char c : visible(text)) {
        if (c == '\n' || c == '\t') {
            append_visible(result, {}, static_cast<char32_t>(c));
        } else {
            result += c;
        }
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

bool in_github_actions(const Environment& environment) { return environment.text("GITHUB_ACTIONS") == "true"; }

}  // namespace uhost
