#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace uhost::json {

/// A place in a text, as an editor counts: lines and columns from 1, columns in code points.
struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
};

/// The place of the byte at `offset` (from 0; clamped to the end).
Position position_of(std::string_view text, std::size_t offset);

/// What stands around `offset` on its line: some 20 bytes to each side, whole code points, control characters as
/// spaces and bytes that are not UTF-8 as '?'.
std::string excerpt_around(std::string_view text, std::size_t offset);

}  // namespace uhost::json
