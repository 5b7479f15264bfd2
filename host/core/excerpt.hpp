#pragma once

#include <string>
#include <string_view>

namespace uhost {

/// A line of a Lua file's `source` as errors show it: its number and text, and below it a caret under the name that
/// `message` quotes, else under the first word. Safe for terminals; of a long line, the part around the place. Empty
/// when there is no such line. Takes text, not a path: a sandbox worker that was taken over could name any file.
std::string excerpt(std::string_view source, int line, std::string_view message);

}  // namespace uhost
