#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/re/regex.hpp"

namespace uhost::kb {

/// What to look for, as a knowledge base says it.
struct PatternSource {
    std::vector<std::string> match;   ///< one, or several that follow each other, each on a later line
    std::vector<std::string> unless;  ///< no hit when one of these matches in it or near it
    std::string flags;                ///< letters of re::Flags, for all of them
    std::uint64_t within = 20;        ///< lines from the first of several to the last
    std::size_t keep = 20;            ///< how many of the first hits are given, and of the last
};

/// Sources as text, which is read many times faster than they are checked one by one.
std::string pack(const std::vector<PatternSource>& sources);
/// Nothing when it is not what pack() gave.
std::optional<std::vector<PatternSource>> unpack_sources(std::string_view packed);

/// One regular expression of a pattern. Compiled when it is first needed, by whichever thread: most of a large base
/// never are.
class Expression {
public:
    Expression(std::string text, re::Flags flags);

    const std::string& text() const { return text_; }
    const re::Flags& flags() const { return flags_; }
    /// A hash of text and flags, the same in every process.
    std::uint64_t fingerprint() const { return fingerprint_; }
    /// Throws `re.syntax`.
    const std::shared_ptr<const re::Regex>& regex(re::Regex::Use use) const { return get(plain_, use, false); }
    /// One whose steps can be counted.
    const std::shared_ptr<const re::Regex>& counting_regex(re::Regex::Use use) const {
        return get(counting_, use, true);
    }
    /// Whether it was compiled to be used often.
    bool has_machine_code(bool counts) const { return (counts ? counting_ : plain_).is_often_there; }

private:
    struct Compiled {
        std::once_flag once_often, once_rarely;
        std::shared_ptr<const re::Regex> often, rarely;
        std::atomic<bool> is_often_there = false;
    };

    const std::shared_ptr<const re::Regex>& get(Compiled& compiled, re::Regex::Use use, bool counts) const;

    std::string text_;
    re::Flags flags_;
    std::uint64_t fingerprint_;
    mutable Compiled plain_, counting_;
};

/// All patterns of a matcher, and their expressions in one list.
///
/// The elements of one pattern stand in the list from the last to the first: so that on a line that several of them
/// match, each is tried as a continuation of what earlier lines began before this line begins something.
class PatternSet {
public:
    /// How far a sequence may reach, and how many elements it may have.
    static constexpr std::uint64_t max_lines = 1000;
    static constexpr std::size_t max_elements = 8;

    struct Pattern {
        std::uint64_t within;
        std::size_t keep;
        std::uint32_t elements;      ///< how many follow each other
        std::uint32_t last_element;  ///< where in the list the last one is; the first is at last_element + elements - 1
        std::vector<std::uint32_t> unless;  ///< in the list of refusing expressions
    };
    struct Element {
        std::uint32_t pattern;
        std::uint32_t position;  ///< in its sequence, from 0
    };

    /// Compiles nothing. Throws `kb.pattern`, with `details.index` (from 1), for letters that are no flags and numbers
    /// out of bounds.
    explicit PatternSet(const std::vector<PatternSource>& sources);

    /// Compiles every expression that `is_known` does not say to be right, and forgets it again. Throws `kb.pattern`,
    /// with `details.index`, `details.pattern` and `details.offset` (bytes, from 1).
    void check(const std::function<bool(const Expression&)>& is_known) const;

    const std::vector<Pattern>& patterns() const { return patterns_; }
    /// The expressions to look for in a log, by number.
    const std::vector<std::unique_ptr<Expression>>& expressions() const { return expressions_; }
    const Element& element(std::uint32_t expression) const { return elements_[expression]; }
    const Expression& refusing(std::uint32_t number) const { return *refusing_[number]; }
    std::size_t refusing_count() const { return refusing_.size(); }
    /// All expressions in one list: those to look for, then those that refuse.
    const Expression& any_expression(std::uint32_t number) const {
        return number < expressions_.size() ? *expressions_[number] : *refusing_[number - expressions_.size()];
    }
    std::uint32_t refusing_expression(std::uint32_t number) const {
        return static_cast<std::uint32_t>(expressions_.size()) + number;
    }
    /// How many lines before and after a hit are looked at for what refuses it.
    static constexpr std::uint64_t near = 3;
    /// How many lines a block has to keep of the one before; 0 when no pattern looks back.
    std::uint64_t lines_looked_back() const { return looked_back_; }

private:
    void add(const PatternSource& source);

    std::vector<Pattern> patterns_;
    std::vector<std::unique_ptr<Expression>> expressions_, refusing_;
    std::vector<Element> elements_;
    std::uint64_t looked_back_ = 0;
};

}  // namespace uhost::kb
