// Where nodes end. yaml-cpp tells where they begin only.
#include <algorithm>

#include "api/yaml/document.hpp"

namespace uhost::yaml {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r'; }

std::size_t line_end(std::string_view source, std::size_t offset) { return std::min(source.find('\n', offset), source.size()); }

std::size_t quoted_end(std::string_view source, std::size_t begin) {
    const char quote = source[begin];
    for (std::size_t i = begin + 1; i < source.size(); ++i) {
        if (quote == '"' && source[i] == '\\') {
            ++i;
        } else if (source[i] == quote) {
            if (quote == '"' || i + 1 >= source.size() || source[i + 1] != quote) return i + 1;
            ++i;
        }
    }
    return source.size();
}

// Spaces of the text stand for any spaces and line ends of the source; line ends of the text for empty lines.
std::size_t plain_end(std::string_view source, std::size_t begin, std::string_view text) {
    std::size_t at = begin;
    for (const char c : text) {
        if (is_space(c)) {
            while (at < source.size() && is_space(source[at])) ++at;
        } else if (at < source.size()) {
            ++at;
        }
    }
    return at;
}

std::size_t without_line_end(std::string_view source, std::size_t begin, std::size_t end) {
    while (end > begin && is_space(source[end - 1])) --end;
    return end;
}

std::size_t block_end(std::string_view source, std::size_t begin, std::size_t parent_column) {
    const auto header_end = line_end(source, begin);
    const auto header = source.substr(begin, std::min<std::size_t>(header_end - begin, 3));
    const auto digit = header.find_first_of("123456789");
    std::size_t indent = digit == header.npos ? 0 : parent_column + static_cast<std::size_t>(header[digit] - '0');
    std::size_t end = without_line_end(source, begin, header_end);
    for (auto line = header_end; line < source.size();) {
        const auto start = line + 1;
        const auto next = line_end(source, start);
        const auto content = std::min(source.find_first_not_of(" \r", start), next);
        line = next;
        if (content >= next) continue;
        if (indent == 0) indent = content - start;
        if (indent == 0 || content - start < indent) break;
        end = without_line_end(source, start, next);
    }
    return end;
}

}  // namespace

std::size_t skip_space(std::string_view source, std::size_t offset) {
    while (offset < source.size()) {
        if (source[offset] == '#' && (offset == 0 || is_space(source[offset - 1]))) {
            offset = line_end(source, offset);
        } else if (is_space(source[offset])) {
            ++offset;
        } else {
            break;
        }
    }
    return offset;
}

std::size_t skip_properties(std::string_view source, std::size_t offset) {
    while (offset < source.size() && (source[offset] == '&' || source[offset] == '!')) {
        while (offset < source.size() && !is_space(source[offset])) ++offset;
        offset = skip_space(source, offset);
    }
    return offset;
}

std::size_t scalar_end(std::string_view source, std::size_t begin, Style style, std::string_view text,
                       std::size_t parent_column) {
    switch (style) {
        case Style::single_quoted:
        case Style::double_quoted: return quoted_end(source, begin);
        case Style::literal:
        case Style::folded: return block_end(source, begin, parent_column);
        default: return plain_end(source, begin, text);
    }
}

}  // namespace uhost::yaml
