#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace uhost {

/// A line of a Lua file's `source` as errors show it: its number and text, and below it a caret under the name that
/// `message` quotes, else under the first word. Safe for terminals; of a long line, the part around the place. Empty
/// when there is no such line. Takes text, not a path: a sandbox worker that was taken over could name any file.
std::string excerpt(std::string_view source, int line, std::string_view message);

/// Where in a text something is: line and column from 1, the column in bytes.
struct TextPlace {
    std::int64_t line = 1, column = 1;
    std::string_view rest;  ///< what its line holds from there on
};

/// The place of an offset; one beyond the text is at its end.
TextPlace place_in(std::string_view text, std::size_t offset);

}  // namespace uhost
