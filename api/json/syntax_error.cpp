#include "api/json/syntax_error.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/core/utf8.hpp"

namespace uhost::json {
namespace {

std::size_t start_of_line(std::string_view text, std::size_t offset) {
    const auto newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
}

constexpr std::size_t excerpt_side = 20;

constexpr std::size_t max_reason_bytes = 160;

// From "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while parsing value - REASON;
// last read: 'TOKEN'", or with "unexpected X; expected Y" for the reason, what is worth showing.
std::string reason_in(std::string_view explanation) {
    if (const auto id = explanation.find("] "); id != std::string_view::npos) explanation.remove_prefix(id + 2);
    if (const auto dash = explanation.find(" - "); dash != std::string_view::npos) explanation.remove_prefix(dash + 3);
    if (const auto read = explanation.find("; last read:"); read != std::string_view::npos) {
        explanation = explanation.substr(0, read);
    }
    std::string reason(explanation.substr(0, max_reason_bytes));
    if (const auto semicolon = reason.find("; "); semicolon != std::string::npos) reason[semicolon] = ',';
    return reason;
}

// How far the place of a mistake lies before the end of what was read. The parser stops behind an unexpected token,
// which is meant as a whole, and within a malformed one. Only of strings and numbers does `token` hold the exact text.
std::size_t way_back(std::string_view token, std::string_view reason) {
    if (reason.starts_with("unexpected string") || reason.starts_with("unexpected number")) return token.size();
    if (reason.starts_with("number overflow")) return token.size();
    if (reason.starts_with("unexpected false")) return 5;
    if (reason.starts_with("unexpected true") || reason.starts_with("unexpected null")) return 4;
    return 1;
}

std::size_t offset_of(std::size_t position, std::string_view token, std::string_view reason) {
    const auto back = way_back(token, reason);
    return position > back ? position - back : 0;
}

Error error_at(std::string kind, std::string_view text, std::size_t offset, std::string_view reason) {
    const auto [line, column] = position_of(text, offset);
    const auto excerpt = excerpt_around(text, offset);
    return Error(std::move(kind), fmt::format("invalid JSON at line {}, column {}: {}{}", line, column, reason,
                                              excerpt.empty() ? "" : fmt::format(", near `{}`", excerpt)))
        .with("line", static_cast<std::int64_t>(line))
        .with("column", static_cast<std::int64_t>(column))
        .with("offset", static_cast<std::int64_t>(offset + 1))
        .with("excerpt", excerpt);
}

// Where the bracket that exceeds the limit is: the text is well-formed up to there.
std::size_t offset_of_depth(std::string_view text, int limit) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (in_string) {
            if (text[i] == '\\')
                ++i;
            else if (text[i] == '"')
                in_string = false;
        } else if (text[i] == '"') {
            in_string = true;
        } else if (text[i] == '[' || text[i] == '{') {
            if (++depth > limit) return i;
        } else if (text[i] == ']' || text[i] == '}') {
            --depth;
        }
    }
    return text.size();
}

}  // namespace

Position position_of(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    const auto begin = text.begin(), here = begin + static_cast<std::ptrdiff_t>(offset);
    const auto line_begin = begin + static_cast<std::ptrdiff_t>(start_of_line(text, offset));
    const auto lines = std::count(begin, here, '\n');
    const auto columns = std::count_if(line_begin, here, [](char byte) { return !utf8::is_continuation(byte); });
    return {static_cast<std::size_t>(lines) + 1, static_cast<std::size_t>(columns) + 1};
}

std::string excerpt_around(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    const auto line_start = start_of_line(text, offset);
    auto begin = offset - line_start > excerpt_side ? offset - excerpt_side : line_start;
    while (begin < offset && utf8::is_continuation(text[begin])) ++begin;
    const auto end = std::min({text.find('\n', offset), text.size(), offset + excerpt_side});
    std::string excerpt;
    while (begin < end) {
        const auto code_point = utf8::decode(text.substr(begin));
        const auto length = code_point.valid ? code_point.bytes : 1;
        if (!code_point.valid) {
            excerpt += '?';
        } else if (length == 1) {
            const auto byte = static_cast<unsigned char>(text[begin]);
            excerpt += byte < 0x20 || byte == 0x7F ? ' ' : text[begin];
        } else {
            excerpt += text.substr(begin, length);
        }
        begin += length;
    }
    return excerpt;
}

Error syntax_error(std::string_view text, std::size_t position, std::string_view token, std::string_view explanation) {
    const auto reason = reason_in(explanation);
    const auto native = explanation.substr(0, explanation.find("; last read:"));
    if (reason.starts_with("unexpected end of input")) {
        return text.find('\0') == text.npos ? error_at("json.syntax", text, text.size(), reason) : *nul_error(text);
    }
    return error_at("json.syntax", text, offset_of(position, token, reason), reason).native(std::string(native));
}

std::optional<Error> nul_error(std::string_view text) {
    const auto offset = text.find('\0');
    if (offset == text.npos) return std::nullopt;
    return error_at("json.syntax", text, offset, "unexpected NUL byte");
}

Error depth_error(std::string_view text, int limit) {
    return error_at("json.depth", text, offset_of_depth(text, limit),
                    fmt::format("nested deeper than {} levels", limit))
        .hint("if the text is trusted, allow more with the option `depth`");
}

}  // namespace uhost::json
