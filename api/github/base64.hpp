#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace uhost::github {

/// The bytes that Base64 text stands for (RFC 4648, 4; line ends are passed over, as GitHub breaks the lines of file
/// contents), or nothing for what is no Base64.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace uhost::github
