#pragma once

#include <string>
#include <string_view>

namespace uhost::kb {

/// The pattern with counted repeats of more than a few made endless, and without "anything" at its start: it matches in
/// whatever line the pattern matches, and more. Automata grow with such counts, and Hyperscan may take minutes to
/// compile them.
std::string wide_pattern(std::string_view pattern);

}  // namespace uhost::kb
