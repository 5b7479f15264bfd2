#pragma once

#include <string_view>

namespace uhost::kb {

/// How many bytes the escape sequence at the start of `text` takes, which begins with ESC: control sequences (colours,
/// cursor), strings (titles, links) to their terminator, and the short ones (ECMA-48, 5.3 to 5.6). Of one that is
/// broken off, only what is certainly part of it, so that no text is lost.
std::size_t escape_sequence_size(std::string_view text);

}  // namespace uhost::kb
