#include "api/kb/escape_sequence.hpp"

namespace uhost::kb {
namespace {

bool is_within(char c, unsigned char first, unsigned char last) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= first && byte <= last;
}

std::size_t control_sequence_size(std::string_view text) {
    std::size_t at = 2;
    while (at < text.size() && is_within(text[at], 0x30, 0x3F)) ++at;
    while (at < text.size() && is_within(text[at], 0x20, 0x2F)) ++at;
    return at < text.size() && is_within(text[at], 0x40, 0x7E) ? at + 1 : at;
}

std::size_t string_size(std::string_view text) {
    for (std::size_t at = 2; at < text.size(); ++at) {
        if (text[at] == '\a') return at + 1;
        if (text[at] == '\x1b') return at + 1 < text.size() && text[at + 1] == '\\' ? at + 2 : 2;
    }
    return 2;
}

}  // namespace

std::size_t escape_sequence_size(std::string_view text) {
    if (text.size() < 2) return text.size();
    switch (text[1]) {
        case '[':
            return control_sequence_size(text);
        case ']':
        case 'P':
        case 'X':
        case '^':
        case '_':
            return string_size(text);
        default:
            break;
    }
    std::size_t at = 1;
    while (at < text.size() && is_within(text[at], 0x20, 0x2F)) ++at;
    return at < text.size() && is_within(text[at], 0x30, 0x7E) ? at + 1 : at;
}

}  // namespace uhost::kb
