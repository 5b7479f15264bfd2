#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace uhost::http {

/// RFC 4648, section 4, with padding.
std::string encode_base64(std::string_view bytes);
/// Nothing for what is no such text.
std::optional<std::string> decode_base64(std::string_view text);
/// The SHA-256 digest in hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace uhost::http
