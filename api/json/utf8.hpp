#pragma once

#include <cstddef>
#include <string_view>

namespace uhost::json {

/// The length of the well-formed UTF-8 sequence at `offset` (Unicode standard, table 3-7), or 0 when there is none.
std::size_t utf8_sequence(std::string_view text, std::size_t offset);

/// Whether a byte continues a UTF-8 sequence.
constexpr bool is_utf8_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace uhost::json
