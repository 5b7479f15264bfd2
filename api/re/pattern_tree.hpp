#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/re/character_set.hpp"
#include "api/re/regex.hpp"

namespace uhost::re {

/// A part of a pattern. Every kind says which of the fields it has.
struct PatternNode {
    enum class Kind {
        set,         ///< one character of `set`; `character` if the pattern gives just that one
        sequence,    ///< `items` after each other
        choice,      ///< one of `items`
        repeat,      ///< its item `min` to `max` times
        group,       ///< its item in parentheses; `number` and `name` of one that captures
        assertion,   ///< a place: `assertion`
        look,        ///< its item is looked for: `ahead`, `negative`
        reference,   ///< what a group captured
        call,        ///< a group used as a subroutine
        condition,   ///< the assertion it depends on, if that is one, and a choice of what follows
        options,     ///< "(?i)": `name` has the letters
        verb,        ///< "(*COMMIT)", and settings at the start: `name` has what is between the signs
        callout,     ///< "(?C1)"
        line_break,  ///< \R
        grapheme,    ///< \X
        keep,        ///< \K: the match begins here
    };
    enum class Assertion {
        text_start,     ///< \A, and ^ without the flag m
        line_start,     ///< ^ with m
        text_end,       ///< \z
        last_line_end,  ///< \Z, and $ without m: the end, or before a newline there
        line_end,       ///< $ with m
        word,           ///< \b
        not_word,       ///< \B
        search_start,   ///< \G
    };
    enum class Greed { greedy, lazy, possessive };

    Kind kind = Kind::sequence;
    Span span{0, 0};  ///< where it is written

    CharacterSet set;
    std::optional<char32_t> character;
    bool caseless = false;     ///< of a set
    bool plain_ascii = false;  ///< a set that is written as characters of ASCII, whatever these fold to

    std::vector<PatternNode> items;  ///< a repeat, group and look have one

    unsigned min = 0;
    std::optional<unsigned> max;  ///< nothing: without end
    Span quantifier{0, 0};        ///< where "*" or "{2,3}" is, without a sign of greed behind it
    Greed greed = Greed::greedy;

    unsigned number = 0;  ///< of a group that captures
    std::string name;     ///< of a group, a reference or a call; see also the kinds
    bool atomic = false;  ///< of a group: gives nothing back
    std::string options;  ///< letters that a group sets: "(?i:...)"

    Assertion assertion = Assertion::text_start;
    bool ahead = false, negative = false;
};

/// A pattern as a tree: the one parser for all that look into patterns.
struct PatternTree {
    PatternNode root;
    unsigned groups = 0;             ///< that capture
    std::vector<Regex::Name> names;  ///< in the order of the pattern
};

/// The tree of a pattern that PCRE2 compiles with these flags; https://www.pcre.org/current/doc/html/pcre2pattern.html
/// is the grammar. Nothing for one that a later PCRE2 may know and this does not. What a pattern that does not compile
/// gives has no meaning.
std::optional<PatternTree> parse_pattern(std::string_view pattern, const Flags& flags);

}  // namespace uhost::re
