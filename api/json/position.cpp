#include "api/json/position.hpp"

#include <algorithm>

#include "host/core/utf8.hpp"

namespace uhost::json {
namespace {

std::size_t start_of_line(std::string_view text, std::size_t offset) {
    const auto newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
}

constexpr std::size_t excerpt_side = 20;

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

}  // namespace uhost::json
