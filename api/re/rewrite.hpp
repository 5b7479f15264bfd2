#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/re/regex.hpp"

namespace uhost::re {

// Patterns in another spelling, for what an engine cannot do with the one they have. All take patterns that compile.

/// Rewrites a pattern so that a newline is a wall to it: compiled as multi-line (and not dot-all), it matches in a text
/// of many lines exactly what the original matches in each of the lines alone, with the same groups. Thus many lines
/// can be searched in one go, which takes a fraction of the time of one by one.
///
/// No atom may then match a newline, and every assertion must see a newline as it sees the end of the text: "[^x]"
/// becomes "[^\nx]", "\s" "[ \t\x0b\f\r]", "\z" "$" and so on. Nothing is returned for a pattern with a construct that
/// this does not know to be safe; then each line has to be searched by itself.
std::optional<std::string> line_pattern(std::string_view pattern, const Flags& flags);

/// The pattern with \D, \S and \W outside of classes spelled as [^\d], [^\s] and [^\w], which mean the same.
///
/// PCRE2 before 10.43 (Debian 12 has 10.42) compiles the short forms so that JIT, when it is to cope with text that is
/// not UTF-8, does not match any character beyond ASCII by them: https://github.com/PCRE2Project/pcre2/issues/224.
std::optional<std::string> spell_negated_types(std::string_view pattern, const Flags& flags);

/// A pattern that matches wherever the given one does, and elsewhere too: counted repeats of more than a few become "*"
/// or "+", and what matches anything at the beginning is left out. Hyperscan copies a part as often as it is counted,
/// so that the wide form compiles, and runs, in a fraction of the time. The pattern has to be one that it takes.
std::string wide_pattern(std::string_view pattern, const Flags& flags);

/// A pattern that matches just what the given one does and stops at a callout, "(?C)", wherever it could go on: where a
/// match may begin, behind each repeat and in each round of one, before a group that is called, and now and then in what
/// is long. What is done between two callouts takes no longer than reading what was read, so that counting them, and
/// the bytes between them, counts the work. Nothing for a pattern that this does not know to be safe.
std::optional<std::string> counting_pattern(std::string_view pattern, const Flags& flags);

}  // namespace uhost::re
