#pragma once

#include "api/re/matcher.hpp"
#include "host/bind/object.hpp"

namespace uhost::re {

/// What scripts hold as a compiled pattern: the pattern, and a matcher that its calls share.
extern const bind::Type<Matcher> pattern_type;

/// The groups of a match, from 0. Copied out of the matcher before any value is pushed: pushing may run a finalizer,
/// which may use the same pattern.
using Groups = std::vector<std::optional<Span>>;

/// Pushes the captures of a match: [0] is the whole, groups have their numbers and their names; a group that took no
/// part is absent.
void push_captures(bind::Call& call, const Regex& regex, std::string_view subject, const Groups& groups);

/// The flags that an argument gives, as letters or as options.
Flags flags_at(const bind::Call& call, int index);

/// Functions of `re` on patterns; see binding_tree.cpp.
int parse(bind::Call& call);
int groups(bind::Call& call);

/// Functions of `re` on files; see binding_scan.cpp.
int open_scan(bind::Call& call);
int count_file(bind::Call& call);

}  // namespace uhost::re
