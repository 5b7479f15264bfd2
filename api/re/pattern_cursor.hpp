#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <variant>

#include "api/re/character_set.hpp"
#include "api/re/regex.hpp"

namespace uhost::re {

/// Raised within a parser at something that this does not know.
struct UnknownSyntax {};

/// A place in a pattern that is being read. Behind the pattern's end are NULs; a NUL within it is recognised by
/// at_end().
class PatternCursor {
public:
    PatternCursor(std::string_view pattern, bool bytes) : pattern_(pattern), bytes_(bytes) {}

    std::size_t position() const { return position_; }
    bool at_end() const { return position_ >= pattern_.size(); }
    bool bytes() const { return bytes_; }
    void set_bytes(bool bytes) { bytes_ = bytes; }

    char at(std::size_t ahead = 0) const {
        return position_ + ahead < pattern_.size() ? pattern_[position_ + ahead] : '\0';
    }
    bool is_at(std::string_view text) const { return pattern_.substr(position_).starts_with(text); }
    std::string_view rest() const { return pattern_.substr(position_); }
    std::string_view since(std::size_t begin) const { return pattern_.substr(begin, position_ - begin); }

    void skip(std::size_t count) { position_ = std::min(position_ + count, pattern_.size()); }
    bool take(std::string_view text) {
        if (!is_at(text)) return false;
        skip(text.size());
        return true;
    }
    /// Takes what stands before the next `end`, and that too.
    std::string_view take_until(std::string_view end);
    /// Takes all characters that are in `set`.
    std::string_view take_all(std::string_view set);
    /// A character of UTF-8, or a byte.
    char32_t take_character();
    /// Skips the signs of quotes, "\\Q" and "\\E", and outside of quotes what `skip_other` skips until it gives false.
    template <class SkipOther>
    void skip_ignored(bool& quoted, SkipOther skip_other) {
        for (;;) {
            if (quoted) {
                if (!take("\\E")) return;
                quoted = false;
            } else if (take("\\Q")) {
                quoted = true;
            } else if (!take("\\E") && !skip_other()) {
                return;
            }
        }
    }

private:
    std::string_view pattern_;
    std::size_t position_ = 0;
    bool bytes_;
};

/// What an escape stands for that is one character or one of several, as in "\n", "\x{41}", "\d" and "\p{Lu}".
using CharacterEscape = std::variant<char32_t, CharacterSet>;

/// Takes such an escape, with the cursor at its backslash; nothing, and nothing taken, for other escapes. Letters that
/// a set names by their case stand for both with `caseless`. In a class "\b" is a backspace, and digits are octal.
std::optional<CharacterEscape> take_character_escape(PatternCursor& cursor, bool caseless, bool in_class);

/// A class in brackets.
struct CharacterClass {
    CharacterSet set;
    std::optional<char32_t> character;  ///< the only one
    bool negated = false;
    bool plain_ascii = true;  ///< written as characters of ASCII and ranges of them
};

/// Takes a class, with the cursor at its bracket. `spaced`: blanks in it mean nothing (the flag xx).
CharacterClass take_class(PatternCursor& cursor, bool caseless, bool spaced);

}  // namespace uhost::re
