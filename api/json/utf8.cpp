#include "api/json/utf8.hpp"

namespace uhost::json {
namespace {

struct Lead {
    std::size_t length;
    unsigned char second_least, second_most;  // the only byte whose range depends on the lead
};

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

}  // namespace

std::size_t utf8_sequence(std::string_view text, std::size_t offset) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[offset + i]); };
    const Lead lead = lead_of(byte(0));
    if (lead.length <= 1) return lead.length;
    if (offset + lead.length > text.size() || byte(1) < lead.second_least || byte(1) > lead.second_most) return 0;
    for (std::size_t i = 2; i < lead.length; ++i) {
        if (!is_utf8_continuation(text[offset + i])) return 0;
    }
    return lead.length;
}

}  // namespace uhost::json
