#pragma once

#include <string_view>

namespace uhost::fs {

/// Whether a path fits a pattern, as a whole: `?` is one character, `*` any within a name, `**` any across names
/// (`**/` also none), `[a-z]` and `[!a-z]` a set, `\` takes the next character as it is. Bytes, not letters. Takes
/// time in proportion to the product of the two lengths at most.
bool matches(std::string_view path, std::string_view pattern);

}  // namespace uhost::fs
