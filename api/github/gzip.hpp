#pragma once

#include <string>
#include <string_view>

namespace uhost::github {

/// `bytes` in the format of gzip (RFC 1952). Throws `internal` when there is no memory for it.
std::string gzip(std::string_view bytes);

}  // namespace uhost::github
