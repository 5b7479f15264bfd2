#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace uhost {

/// Two lower-case digits a byte.
std::string encode_hex(std::string_view bytes);

/// Base64 (RFC 4648, section 4) with padding, on one line.
std::string encode_base64(std::string_view bytes);

/// The bytes that Base64 text stands for; nothing for text that is not Base64. White space is skipped: GitHub breaks
/// the lines of file contents. Padding is required.
std::optional<std::string> decode_base64(std::string_view text);

/// Percent-encoding (RFC 3986, section 2.1): every byte but letters, digits and "-._~" becomes "%" and two upper-case
/// digits.
std::string encode_percent(std::string_view text);

/// What percent-encoded text stands for; a "%" without two digits stands for itself.
std::string decode_percent(std::string_view text);

}  // namespace uhost
