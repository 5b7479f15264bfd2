#pragma once

#include <string>
#include <string_view>

namespace uhost::github {

/// HMAC-SHA-256 (RFC 2104), in hexadecimal. Whoever does not have the key learns nothing of it.
std::string keyed_hash(std::string_view key, std::string_view text);

/// `bytes` random bytes from the system, in hexadecimal.
std::string random_hex(std::size_t bytes);

}  // namespace uhost::github
