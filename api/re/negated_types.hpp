#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace uhost::re {

/// The pattern with \D, \S and \W outside of classes spelled as [^\d], [^\s] and [^\w], which mean the same.
///
/// PCRE2 before 10.43 (Debian 12 has 10.42) compiles the short forms so that JIT, when it is to cope with text that is
/// not UTF-8, does not match any character beyond ASCII by them: https://github.com/PCRE2Project/pcre2/issues/224.
/// Nothing is returned for a pattern in which it is not sure what is a comment, that is with (?x) within it.
std::optional<std::string> spell_negated_types(std::string_view pattern, bool extended);

}  // namespace uhost::re
