#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/re/regex.hpp"

namespace uhost::re {

struct Substituted {
    std::string text;
    std::uint64_t count;
};

/// `subject` with the first `limit` matches replaced by `replacement`, in which $1, ${1}, $name and ${name} stand for
/// groups ("" for one that took no part), $0 for the whole match and $$ for a dollar sign. Throws `re.replacement` for
/// one that is malformed or names no group, and `re.limit`.
Substituted substitute(const Regex& regex, std::string_view subject, std::string_view replacement, std::uint64_t limit);

}  // namespace uhost::re
