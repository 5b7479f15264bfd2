#pragma once

#include <optional>
#include <string_view>

#include "api/kb/literal_set.hpp"
#include "api/re/regex.hpp"

namespace uhost::kb {

/// Texts of which every line that a pattern matches has at least one; nothing when there are none, or when the pattern
/// has something this does not know. The pattern has to be one that PCRE2 takes. Unless the flag `b` is set, a caseless
/// pattern may match the Kelvin sign for a k and the long s for an s, which no literal says.
std::optional<LiteralSet> required_literals(std::string_view pattern, const re::Flags& flags);

}  // namespace uhost::kb
