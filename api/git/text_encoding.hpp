#pragma once

#include <string>
#include <string_view>

namespace uhost::git {

/// `text` in UTF-8, given the encoding a commit names ("" is UTF-8). Bytes stay as they are where the encoding is not
/// known to the system or the text is not valid in it.
std::string to_utf8(std::string_view text, const std::string& encoding);

}  // namespace uhost::git
