#pragma once

#include <string_view>
#include <vector>

#include "api/re/pattern_cursor.hpp"
#include "api/re/pattern_tree.hpp"

namespace uhost::re {

/// What letters within a pattern change, until the end of the group.
struct PatternModes {
    bool caseless, multiline, dot_all, extended, spaced_classes, named_only;

    /// "i-s", "^x": what is behind the minus is taken off.
    void apply(std::string_view letters);
};

/// Reads a pattern from its beginning to its end. Throws UnknownSyntax.
class PatternParser {
public:
    PatternParser(std::string_view pattern, const Flags& flags)
        : cursor_(pattern, flags.bytes), modes_{flags.caseless, flags.multiline, flags.dot_all,
                                                flags.extended, false,           flags.named_only} {}

    PatternTree run();

private:
    using Kind = PatternNode::Kind;
    using Assertion = PatternNode::Assertion;

    static constexpr std::string_view decimal_digits = "0123456789";

    PatternNode node(Kind kind, std::size_t begin) const;
    PatternNode assertion(Assertion kind, std::size_t begin) const;
    PatternNode set(const CharacterSet& members, std::size_t begin) const;
    PatternNode character(char32_t code, std::size_t begin) const;
    std::vector<PatternNode> start_settings();
    PatternNode choice(bool resets_groups = false);
    PatternNode sequence();
    void skip_ignored();
    bool skip_blanks();
    PatternNode repeated(PatternNode item);
    bool quantifier(PatternNode& repeat);
    bool counts(PatternNode& repeat);
    PatternNode atom();
    static CharacterSet not_newline();
    PatternNode bracket();
    PatternNode escape();
    PatternNode numbered();
    PatternNode named_reference();

    // Of groups, in pattern_groups.cpp.
    PatternNode group();
    void close();
    PatternNode inside(std::size_t begin, bool resets_groups = false);
    PatternNode capture(std::size_t begin, std::string_view name);
    PatternNode atomic(std::size_t begin);
    PatternNode look(std::size_t begin, bool ahead, bool negative);
    PatternNode reference(std::size_t begin, Kind kind);
    PatternNode verb(std::size_t begin);
    PatternNode spelled_out(std::size_t begin);
    PatternNode callout(std::size_t begin);
    PatternNode condition(std::size_t begin);
    PatternNode options(std::size_t begin);

    PatternCursor cursor_;
    PatternModes modes_;
    bool quoted_ = false, ucp_ = false;
    unsigned groups_ = 0;
    std::vector<Regex::Name> names_;
};

}  // namespace uhost::re
