#include "api/json/syntax_error.hpp"

#include <fmt/format.h>

#include "api/json/position.hpp"

namespace uhost::json {
namespace {

constexpr std::size_t longest_reason = 160;

// From "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while parsing value - REASON;
// last read: 'TOKEN'", or with "unexpected X; expected Y" for the reason, what is worth telling.
std::string reason_in(std::string_view explanation) {
    if (const auto id = explanation.find("] "); id != std::string_view::npos) explanation.remove_prefix(id + 2);
    if (const auto dash = explanation.find(" - "); dash != std::string_view::npos) explanation.remove_prefix(dash + 3);
    if (const auto read = explanation.find("; last read:"); read != std::string_view::npos) {
        explanation = explanation.substr(0, read);
    }
    std::string reason(explanation.substr(0, longest_reason));
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
