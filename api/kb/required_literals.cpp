#include "api/kb/required_literals.hpp"

#include <algorithm>
#include <charconv>

#include "host/core/utf8.hpp"

namespace uhost::kb {
namespace {

/// A construct that this does not know: nothing is said of the pattern then.
struct Unknown {};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_one_of(char c, std::string_view set) { return c != '\0' && set.find(c) != std::string_view::npos; }

/// Reads a pattern by its grammar (pcre2pattern(3)), keeping only what is needed to know texts.
class Reader {
public:
    Reader(std::string_view pattern, const re::Flags& flags)
        : rest_(pattern), modes_{flags.caseless, flags.extended}, bytes_(flags.bytes) {}

    MatchedTexts read() {
        auto texts = alternatives();
        if (!rest_.empty()) throw Unknown();
        return texts;
    }

private:
    struct Modes {
        bool caseless, extended;
    };
    static constexpr int deepest = 50;

    char at(std::size_t i) const { return i < rest_.size() ? rest_[i] : '\0'; }
    bool take(std::string_view text) {
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }
    void skip(std::size_t count) { rest_.remove_prefix(std::min(count, rest_.size())); }
    void skip_behind(char end) {
        const auto found = rest_.find(end);
        if (found == rest_.npos) throw Unknown();
        skip(found + 1);
    }

    // Until the end of the group or of the pattern. A change of modes lasts as long.
    MatchedTexts alternatives() {
        if (++depth_ > deepest) throw Unknown();
        const auto before = modes_;
        auto all = sequence();
        while (take("|")) all.add_alternative(sequence());
        modes_ = before;
        --depth_;
        return all;
    }

    MatchedTexts sequence() {
        MatchedTexts texts;
        while (!rest_.empty() && at(0) != '|' && at(0) != ')') {
            if (modes_.extended && skip_blank()) continue;
            auto atom = read_atom();
            repeat(atom);
            texts.append(std::move(atom));
        }
        return texts;
    }

    bool skip_blank() {
        if (at(0) == '#') {
            const auto end = rest_.find('\n');
            skip(end == rest_.npos ? rest_.size() : end + 1);
            return true;
        }
        if (!is_one_of(at(0), " \t\n\v\f\r")) return false;
        skip(1);
        return true;
    }

    void repeat(MatchedTexts& atom) {
        while (modes_.extended && skip_blank()) {
        }
        unsigned least = 0;
        std::optional<unsigned> most;
        if (take("?")) {
            most = 1;
        } else if (take("+")) {
            least = 1;
        } else if (!take("*") && !counts(least, most)) {
            return;
        }
        if (at(0) == '?' || at(0) == '+') skip(1);
        atom.repeat(least, most);
        repeat(atom);
    }

    // "{2}", "{2,}", "{2,3}"; other braces are plain characters.
    bool counts(unsigned& least, std::optional<unsigned>& most) {
        const auto end = rest_.find('}');
        if (at(0) != '{' || end == rest_.npos || !is_digit(at(1))) return false;
        const auto inside = rest_.substr(1, end - 1);
        const char* last = inside.data() + inside.size();
        const auto [first_end, failed] = std::from_chars(inside.data(), last, least);
        if (failed != std::errc()) return false;
        if (first_end == last) {
            most = least;
        } else if (*first_end != ',') {
            return false;
        } else if (first_end + 1 != last) {
            unsigned number = 0;
            const auto [second_end, failed_too] = std::from_chars(first_end + 1, last, number);
            if (failed_too != std::errc() || second_end != last) return false;
            most = number;
        }
        skip(end + 1);
        return true;
    }

    MatchedTexts read_atom() {
        switch (at(0)) {
            case '(':
                return group();
            case '[':
                return bracket();
            case '\\':
                return escape();
            case '^':
            case '$':
                skip(1);
                return {};
            case '.':
                skip(1);
                return MatchedTexts::anything();
            default:
                return character();
        }
    }

    // A character of UTF-8, or a byte.
    MatchedTexts character() {
        std::size_t size = 1;
        if (!bytes_) {
            while (utf8::is_continuation(at(size))) ++size;
        }
        std::string text(rest_.substr(0, size));
        skip(size);
        return plain(std::move(text));
    }

    // Only ASCII letters have other cases that a literal says.
    MatchedTexts plain(std::string text) const {
        if (text == "\n" || text == std::string_view("\0", 1)) return MatchedTexts::anything();
        if (!modes_.caseless) return MatchedTexts::of(std::move(text), false);
        if (static_cast<unsigned char>(text[0]) >= 0x80) return MatchedTexts::anything();
        return MatchedTexts::of(text, is_letter(text[0]));
    }

    MatchedTexts group() {
        skip(1);
        if (at(0) == '*') throw Unknown();
        if (!take("?")) return inside();
        if (take(":") || take(">") || take("|")) return inside();
        if (take("=") || take("!") || take("<=") || take("<!")) {
            inside();
            return {};
        }
        if (take("P<") || take("<")) {
            skip_behind('>');
            return inside();
        }
        if (take("'")) {
            skip_behind('\'');
            return inside();
        }
        return modes();
    }

    MatchedTexts inside() {
        auto texts = alternatives();
        if (!take(")")) throw Unknown();
        return texts;
    }

    // "(?i)", "(?i-x:...)".
    MatchedTexts modes() {
        auto changed = modes_;
        bool on = true;
        for (; at(0) != ')' && at(0) != ':'; skip(1)) {
            if (at(0) == '-') {
                on = false;
            } else if (at(0) == 'i') {
                changed.caseless = on;
            } else if (at(0) == 'x' && at(1) != 'x') {
                changed.extended = on;
            } else if (!is_one_of(at(0), "msnJU")) {
                throw Unknown();
            }
        }
        const bool has_body = at(0) == ':';
        skip(1);
        if (!has_body) {
            modes_ = changed;
            return {};
        }
        const auto before = modes_;
        modes_ = changed;
        auto texts = inside();
        modes_ = before;
        return texts;
    }

    // A class of few plain characters is as good as alternatives.
    MatchedTexts bracket() {
        skip(1);
        const bool negated = take("^");
        LiteralSet characters;
        bool few = !negated;
        for (bool first = true; first || at(0) != ']'; first = false) {
            if (rest_.empty()) throw Unknown();
            few = bracket_item(characters) && few;
        }
        skip(1);
        constexpr std::size_t most = 4;
        if (!few || characters.size() > most) return MatchedTexts::anything();
        return MatchedTexts::one_of(std::move(characters));
    }

    // Whether it is a single plain character, added to `characters`.
    bool bracket_item(LiteralSet& characters) {
        if (at(0) == '[' && is_one_of(at(1), ":.=")) {
            const char kind = at(1);
            skip(2);
            const char end[] = {kind, ']', '\0'};
            const auto found = rest_.find(end);
            if (found == rest_.npos) throw Unknown();
            skip(found + 2);
            return false;
        }
        if (at(0) == '\\') {
            if (is_one_of(at(1), "QEco0123456789N")) throw Unknown();
            const bool named = is_one_of(at(1), "pPx") && at(2) == '{';
            const char escaped = at(1);
            skip(2);
            if (named) skip_behind('}');
            if (is_letter(escaped) || escaped == '\0' || static_cast<unsigned char>(escaped) >= 0x80) return false;
            return add_character(std::string(1, escaped), characters);
        }
        const bool ascii = static_cast<unsigned char>(at(0)) < 0x80;
        std::string text(1, at(0));
        skip(1);
        return ascii && add_character(std::move(text), characters);
    }

    bool add_character(std::string text, LiteralSet& characters) const {
        if (at(0) == '-' && at(1) != ']') return false;  // a range
        characters.push_back({text, modes_.caseless && is_letter(text[0])});
        return text != "\n" && text != "-";
    }

    MatchedTexts escape() {
        const char letter = at(1);
        skip(2);
        if (!is_letter(letter) && !is_digit(letter)) {
            if (letter == '\0' || static_cast<unsigned char>(letter) >= 0x80) throw Unknown();
            return plain(std::string(1, letter));
        }
        if (is_one_of(letter, "bBAzZGK")) return {};
        if (letter == 't') return plain("\t");
        if (is_one_of(letter, "dDwWsShHvVNRXnrfea")) {
            if (letter == 'N' && at(0) == '{') throw Unknown();
            return MatchedTexts::anything();
        }
        if (letter == 'p' || letter == 'P') {
            at(0) == '{' ? skip_behind('}') : skip(1);
            return MatchedTexts::anything();
        }
        if (letter == 'x') {
            if (at(0) == '{') {
                skip_behind('}');
            } else {
                for (int digits = 0; digits < 2 && std::isxdigit(static_cast<unsigned char>(at(0))) != 0; ++digits)
                    skip(1);
            }
            return MatchedTexts::anything();
        }
        if (letter >= '1' && letter <= '9' && !is_digit(at(0))) return MatchedTexts::anything();
        if (letter == 'k' && is_one_of(at(0), "<{'")) {
            skip_behind(at(0) == '<' ? '>' : at(0) == '{' ? '}' : '\'');
            return MatchedTexts::anything();
        }
        throw Unknown();
    }

    std::string_view rest_;
    Modes modes_;
    bool bytes_;
    int depth_ = 0;
};

}  // namespace

std::optional<LiteralSet> required_literals(std::string_view pattern, const re::Flags& flags) {
    try {
        return Reader(pattern, flags).read().required();
    } catch (const Unknown&) {
        return std::nullopt;
    }
}

}  // namespace uhost::kb
