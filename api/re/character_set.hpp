#pragma once

#include <bitset>
#include <optional>
#include <string_view>

namespace uhost::re {

/// A set of characters as far as it matters for looking at a pattern: each of ASCII exactly, all others together.
struct CharacterSet {
    enum class Beyond { none, some, all };

    std::bitset<128> ascii;
    Beyond beyond = Beyond::none;  ///< which of the characters beyond ASCII are in it
    bool inexact = false;          ///< it may hold more than the pattern's does

    static CharacterSet everything();
    /// A set about which nothing certain is known.
    static CharacterSet unknown();

    void add(char32_t first, char32_t last);
    void add(const CharacterSet& other);
    CharacterSet complement() const;
    /// Adds the other case of every letter; unless characters are bytes, also the two beyond ASCII that fold into it,
    /// the Kelvin sign for a k and the long s for an s.
    void fold(bool bytes);

    bool operator==(const CharacterSet&) const = default;
};

/// What \d, \h, \s, \v and \w stand for (PCRE2's without UCP: of ASCII but for \h and \v), and their complements in
/// capitals.
std::optional<CharacterSet> set_of_type(char letter);
/// The class of a name in [:name:].
std::optional<CharacterSet> posix_set(std::string_view name);
/// What \p{name} stands for: general categories, exact in ASCII; others are unknown.
CharacterSet property_set(std::string_view name);

}  // namespace uhost::re
