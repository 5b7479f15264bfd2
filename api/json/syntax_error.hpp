#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "host/core/error.hpp"

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

/// The `json.syntax` error for what nlohmann's parser reported: `position` is how many bytes it had read, `token` the
/// last it had seen, `explanation` its message. Details: line, column (code points), offset (bytes, from 1), excerpt.
Error syntax_error(std::string_view text, std::size_t position, std::string_view token, std::string_view explanation);

/// The `json.syntax` error for a NUL byte between values, which nlohmann's parser takes for the end of the text;
/// nothing when the text holds no NUL. For a text that was otherwise accepted.
std::optional<Error> nul_error(std::string_view text);

/// The `json.depth` error for a text that nests deeper than `limit` levels: names where level limit + 1 begins.
Error depth_error(std::string_view text, int limit);

}  // namespace uhost::json
