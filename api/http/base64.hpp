#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace uhost::http {

/// Base64 text (RFC 4648, 4) with padding, on one line.
std::string encode_base64(std::string_view bytes);

/// The bytes that Base64 text stands for, or nothing for what is no Base64. Line ends are passed over: GitHub breaks
/// the lines of file contents.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace uhost::http
