#pragma once

#include <random>
#include <string>
#include <vector>

/// Random patterns out of all that a pattern may hold, with texts of some length in them, and lines that such patterns
/// match now and then.
class RandomPatterns {
public:
    explicit RandomPatterns(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t most) { return random_() % most; }

    std::string line() {
        std::string line;
        for (auto count = below(9); count > 0; --count) line += pick(pieces_);
        return line;
    }

    std::string pattern(int depth = 0) {
        std::string pattern;
        for (auto count = 1 + below(4); count > 0; --count) {
            pattern += atom(depth);
            if (below(4) == 0) pattern += pick(quantifiers_);
        }
        while (below(4) == 0) pattern += "|" + atom(depth);
        return pattern;
    }

private:
    const std::string& pick(const std::vector<std::string>& list) { return list[below(list.size())]; }

    std::string atom(int depth) {
        if (depth < 3 && below(4) == 0) return pick(openings_) + pattern(depth + 1) + ")";
        return below(2) == 0 ? pick(words_) : pick(atoms_);
    }

    std::mt19937 random_;
    const std::vector<std::string> words_{"error", "Error", "abc", "foo bar", ": ", "ab", "k", "s", "é", "12"};
    const std::vector<std::string> pieces_{
        "error", "ERROR", "Error", "abc", "ABC",          "foo bar",      "foo", ": ",
        "ab",    "a",     "k",     "K",   "\xE2\x84\xAA", "\xC5\xBF",     "s",   "é",
        "É",     "12",    "1",     " ",   "\t",           "\xEF\xBF\xBD", "[",   "(",
        ".",     "",      "#",     "x"};
    const std::vector<std::string> atoms_{
        "a",       "b",    ".",       "\\s",      "\\S",         "\\w",         "\\W",       "\\d",
        "\\D",     "^",    "$",       "\\A",      "\\z",         "\\Z",         "\\b",       "\\B",
        "\\h",     "\\R",  "\\N",     "\\x61",    "\\t",         "\\1",         "\\pL",      "\\PL",
        "\\K",     "(?i)", "(?-i)",   "(?s)",     "(?x)",        "(?x) a #c\n", "\\.",       "\\[",
        "[ab]",    "[^a]", "[a-c]",   "[Ee]rror", "[[:alpha:]]", "[]a]",        "[^]a]",     "[\\]a]",
        "[\\w:]",  "[-a]", "[a-]",    "\\x{61}",  "\\Qab\\E",    "(?#c)",       "(*COMMIT)", "\\X",
        "\\G",     "{",    "(?!abc)", "(?<=a)",   "(?=error)",   "\\d{2,40}",   ".{3,300}",  "[[:alpha:]{1,9}]",
        "\\p{Lu}", "é",    "#",       " "};
    const std::vector<std::string> quantifiers_{"*",  "+",   "?",     "*?",      "+?",  "??",   "*+",
                                                "++", "{2}", "{0,2}", "{1,30}?", "{0}", "{3,}", "{12}"};
    const std::vector<std::string> openings_{"(",     "(?:", "(?=",  "(?!",  "(?<=",  "(?<!", "(?>",
                                             "(?<n>", "(?|", "(?i:", "(?s:", "(?-i:", "(?x:", "(?P<p>"};
};
