#pragma once

// The library's code is compiled once, in document.cpp.
#define TOML_HEADER_ONLY 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 64

#include <toml++/toml.h>

#include <cstddef>
#include <string_view>

namespace uhost::toml_text {

/// Parses a TOML 1.0 document. Throws `toml.syntax` with `details.line` and `.column` (from 1), `toml.too_large`, and
/// `toml.depth`: a table is freed recursively, so what would take the whole stack is refused before it is read.
toml::table parse(std::string_view text, std::size_t max_bytes);

}  // namespace uhost::toml_text
