#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/re/regex.hpp"

namespace uhost::kb {

/// A text that is looked for in lines; `caseless` for ASCII letters only.
struct Literal {
    std::string text;
    bool caseless = false;
    auto operator<=>(const Literal&) const = default;
};

/// Texts such that every match contains at least one of them.
using LiteralSet = std::vector<Literal>;

/// What is known of the texts that a part of a pattern matches: all of them, while they are few and short, and a set of
/// which each has one. (The idea is RE2's: https://swtch.com/~rsc/regexp/regexp4.html, "required" strings.)
class MatchedTexts {
public:
    /// A part that matches just the empty text: anchors and other assertions.
    MatchedTexts() : exact_(LiteralSet{Literal{}}) {}
    static MatchedTexts of(std::string text, bool caseless);
    /// A part that may match anything, such as a class of many characters.
    static MatchedTexts anything();
    /// One of some characters.
    static MatchedTexts one_of(LiteralSet texts);

    /// What follows comes directly behind.
    void append(MatchedTexts next);
    void add_alternative(MatchedTexts other);
    /// The part repeated at least so often; `most` is nothing when there is no end.
    void repeat(unsigned least, std::optional<unsigned> most);

    /// The best set that each text has one of; nothing when there is none worth looking for.
    std::optional<LiteralSet> required() const;

private:
    void give_up_exact();

    std::optional<LiteralSet> exact_;     // all texts there can be
    std::optional<LiteralSet> required_;  // when exact_ is gone: the best set so far
    std::optional<LiteralSet> open_;      // when exact_ is gone: what the texts end with
};

/// The shortest text worth looking for.
constexpr std::size_t shortest_literal = 3;

/// Texts such that every line that a pattern matches contains at least one of them; nothing when there are none, or
/// when the pattern has something that is not analysed here. The pattern has to be one that PCRE2 takes. Unless the
/// flag `b` is set, a caseless pattern may match the Kelvin sign for a k and the long s for an s, which no literal
/// says.
std::optional<LiteralSet> required_literals(std::string_view pattern, const re::Flags& flags);

}  // namespace uhost::kb
