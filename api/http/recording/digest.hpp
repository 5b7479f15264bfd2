#pragma once

#include <string>
#include <string_view>

namespace uhost::http {

/// The SHA-256 digest in hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace uhost::http
