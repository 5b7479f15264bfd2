#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace uhost::term {

// How much room text takes on a terminal, in columns: two for East Asian wide characters and emoji, none for combining
// marks. Text is UTF-8 without control characters; see visible().

/// How many columns `text` takes.
int width(std::string_view text);

/// `text`, or as much of its beginning as fits, and "…".
std::string truncate(std::string_view text, int columns);

/// Lines of at most `columns` columns each, broken at newlines, else at spaces, else anywhere between characters. A
/// character wider than `columns` gets a line of its own. White space at a break is dropped. At least one line.
std::vector<std::string> wrap(std::string_view text, int columns);

}  // namespace uhost::term
