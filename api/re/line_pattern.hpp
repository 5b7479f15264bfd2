#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/re/regex.hpp"

namespace uhost::re {

/// Rewrites a pattern so that a newline is a wall to it: compiled as multi-line (and not dot-all), it matches in a text
/// of many lines exactly what the original matches in each of the lines alone, with the same groups. Thus many lines
/// can be searched in one go, which takes a fraction of the time of one by one.
///
/// No atom may then match a newline, and every assertion must see a newline as it sees the end of the text: "[^x]"
/// becomes "[^\nx]", "\s" "[ \t\x0b\f\r]", "\z" "$" and so on. Nothing is returned for a pattern with a construct that
/// this does not know to be safe; then each line has to be searched by itself.
std::optional<std::string> line_pattern(std::string_view pattern, const Flags& flags);

}  // namespace uhost::re
