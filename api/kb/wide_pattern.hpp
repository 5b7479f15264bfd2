#pragma once

#include <string>
#include <string_view>

namespace uhost::kb {

/// The pattern with counted repeats of more than a few made endless: it matches whatever the pattern matches, and more.
/// Automata grow with such counts, and Hyperscan may take minutes to compile them.
std::string wide_pattern(std::string_view pattern);

}  // namespace uhost::kb
