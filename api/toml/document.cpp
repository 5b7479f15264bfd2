#define TOML_IMPLEMENTATION
#include "api/toml/document.hpp"

#include <fmt/format.h>

#include "host/core/error.hpp"

namespace uhost::toml_text {
namespace {

constexpr int max_key_parts = 100;

// "a.b.c" makes a table of each part. Dots are counted up to a "=" or the end of the line, which never counts too few;
// two in a row belong to no key.
void check_keys(std::string_view text) {
    int parts = 0;
    char before = '\n';
    for (const char character : text) {
        if (character == '\n' || character == '=') {
            parts = 0;
        } else if (character == '.' && before != '.' && ++parts > max_key_parts) {
            throw Error("toml.depth", fmt::format("a key has more than {} parts", max_key_parts));
        }
        before = character;
    }
}

}  // namespace

toml::table parse(std::string_view text, std::size_t max_bytes) {
    if (text.size() > max_bytes) {
        throw Error("toml.too_large", fmt::format("the document has {} bytes; {} are allowed", text.size(), max_bytes));
    }
    check_keys(text);
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        const auto at = error.source().begin;
        throw Error("toml.syntax",
                    fmt::format("invalid TOML at line {}, column {}: {}", at.line, at.column, error.description()))
            .with("line", static_cast<std::int64_t>(at.line))
            .with("column", static_cast<std::int64_t>(at.column));
    }
}

}  // namespace uhost::toml_text
