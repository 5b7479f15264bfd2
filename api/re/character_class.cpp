// Escapes that stand for characters, and classes in brackets.
#include <charconv>

#include "api/re/pattern_cursor.hpp"

namespace uhost::re {
namespace {

constexpr std::string_view octal_digits = "01234567", hexadecimal_digits = "0123456789abcdefABCDEF";
constexpr char32_t kelvin_sign = 0x212A, long_s = 0x17F;

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

char32_t number(std::string_view digits, int base) {
    unsigned value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    return value;
}

// At most `most` digits here.
char32_t take_digits(PatternCursor& cursor, std::string_view known, std::size_t most, int base) {
    std::size_t count = 0;
    while (count < most && cursor.at(count) != '\0' && known.find(cursor.at(count)) != known.npos) ++count;
    const auto value = number(cursor.rest().substr(0, count), base);
    cursor.skip(count);
    return value;
}

// "\cA": a letter with Ctrl.
char32_t take_control(PatternCursor& cursor) {
    auto letter = static_cast<unsigned char>(cursor.at());
    cursor.skip(1);
    if (letter >= 'a' && letter <= 'z') letter = static_cast<unsigned char>(letter - 32);
    return letter ^ 64U;
}

CharacterSet take_property(PatternCursor& cursor, bool negated, bool caseless) {
    std::string_view name;
    if (cursor.take("{")) {
        name = cursor.take_until("}");
        if (name.starts_with('^')) {
            negated = !negated;
            name.remove_prefix(1);
        }
    } else {
        name = cursor.rest().substr(0, 1);
        cursor.skip(1);
    }
    // Whether these are one without regard to case depends on the version of PCRE2.
    if (caseless && (name == "Lu" || name == "Ll" || name == "Lt")) return CharacterSet::unknown();
    const auto set = property_set(name);
    return negated ? set.complement() : set;
}

// The character of an escape such as "\t", with the cursor behind the letter; nothing for others.
std::optional<char32_t> take_code(PatternCursor& cursor, char letter) {
    switch (letter) {
        case 'a':
            return 7;
        case 'e':
            return 27;
        case 'f':
            return 12;
        case 'n':
            return 10;
        case 'r':
            return 13;
        case 't':
            return 9;
        case 'c':
            return take_control(cursor);
        case 'o':
            return cursor.take("{") ? number(cursor.take_until("}"), 8) : throw UnknownSyntax();
        case 'x':
            if (cursor.take("{")) return number(cursor.take_until("}"), 16);
            return take_digits(cursor, hexadecimal_digits, 2, 16);
        case '0':
            return take_digits(cursor, octal_digits, 2, 8);
        case 'N':
            return cursor.take("{U+") ? std::optional(number(cursor.take_until("}"), 16)) : std::nullopt;
        default:
            return std::nullopt;
    }
}

std::optional<char32_t> take_code_in_class(PatternCursor& cursor, char letter) {
    if (letter == 'b') return 8;
    if (letter == 'g') return letter;
    if (letter < '1' || letter > '9') return std::nullopt;
    if (letter >= '8') return letter;
    const auto first = static_cast<char32_t>(letter - '0');
    std::size_t count = 0;
    while (count < 2 && cursor.at(count) >= '0' && cursor.at(count) <= '7') ++count;
    auto value = first;
    for (std::size_t i = 0; i < count; ++i) value = value * 8 + static_cast<char32_t>(cursor.at(i) - '0');
    cursor.skip(count);
    return value;
}

}  // namespace

std::string_view PatternCursor::take_until(std::string_view end) {
    const auto found = rest().find(end);
    if (found == std::string_view::npos) throw UnknownSyntax();
    const auto taken = rest().substr(0, found);
    skip(found + end.size());
    return taken;
}

std::string_view PatternCursor::take_all(std::string_view set) {
    const auto size = std::min(rest().find_first_not_of(set), rest().size());
    const auto taken = rest().substr(0, size);
    skip(size);
    return taken;
}

char32_t PatternCursor::take_character() {
    const auto lead = static_cast<unsigned char>(at());
    skip(1);
    if (bytes_ || lead < 0xC0) return lead;
    const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    char32_t code = lead & (0x3FU >> static_cast<unsigned>(more));
    for (int i = 0; i < more; ++i, skip(1)) code = code << 6U | (static_cast<unsigned char>(at()) & 0x3FU);
    return code;
}

std::optional<CharacterEscape> take_character_escape(PatternCursor& cursor, bool caseless, bool in_class) {
    const auto before = cursor;
    cursor.skip(1);
    const char letter = cursor.at();
    if (!is_alphanumeric(letter)) return cursor.take_character();
    cursor.skip(1);
    if (const auto set = set_of_type(letter)) return *set;
    if (letter == 'p' || letter == 'P') return take_property(cursor, letter == 'P', caseless);
    auto code = take_code(cursor, letter);
    if (!code && in_class) code = take_code_in_class(cursor, letter);
    if (code) return *code;
    if (letter == 'N' && !in_class) {
        CharacterSet newline;
        newline.add('\n', '\n');
        return newline.complement();
    }
    cursor = before;
    return std::nullopt;
}

namespace {

/// Reads what is between the brackets.
class ClassReader {
public:
    ClassReader(PatternCursor& cursor, bool caseless, bool spaced)
        : cursor_(cursor), caseless_(caseless), spaced_(spaced) {}

    CharacterClass run() {
        cursor_.skip(1);
        bool first = true;
        for (;; first = false) {
            skip_ignored();
            if (first && !quoted_ && !result_.negated && cursor_.take("^")) {
                result_.negated = true;
                skip_ignored();
            }
            if (cursor_.at_end()) throw UnknownSyntax();
            if (!quoted_ && !first && cursor_.at() == ']') break;
            item();
        }
        cursor_.skip(1);
        return finish();
    }

private:
    using Item = CharacterEscape;

    CharacterClass finish() {
        auto& set = result_.set;
        if (only_ && !result_.negated && items_ == 1) result_.character = only_;
        const bool folds =
            caseless_ && !cursor_.bytes() && (set.ascii['k'] || set.ascii['K'] || set.ascii['s'] || set.ascii['S']);
        // With one of these beside \W, PCRE2 10.42 forgets that the latter holds characters beyond ASCII.
        if ((has_more_ || folds) && set.beyond == CharacterSet::Beyond::all) set.beyond = CharacterSet::Beyond::some;
        if (caseless_) set.fold(cursor_.bytes());
        if (result_.negated) set = set.complement();
        return result_;
    }

    // Quotes, and blanks where they mean nothing.
    void skip_ignored() {
        cursor_.skip_ignored(quoted_, [this] { return spaced_ && !cursor_.take_all(" \t").empty(); });
    }

    void item() {
        const auto begin = take_item();
        ++items_;
        if (const auto* set = std::get_if<CharacterSet>(&begin)) return add(*set);
        const auto first = std::get<char32_t>(begin);
        skip_ignored();
        if (quoted_ || cursor_.at() != '-') return add(first, first);
        const auto before = cursor_;
        cursor_.skip(1);
        skip_ignored();
        if (!quoted_ && cursor_.at() == ']') {
            cursor_ = before;
            return add(first, first);
        }
        const auto end = take_item();
        ++items_;
        if (const auto* last = std::get_if<char32_t>(&end)) return add(first, *last);
        add(first, first);
        add('-', '-');
        add(std::get<CharacterSet>(end));
    }

    Item take_item() {
        if (!quoted_ && cursor_.at() == '[') {
            if (auto set = take_posix()) return *set;
        }
        if (quoted_ || cursor_.at() != '\\') return cursor_.take_character();
        const auto escape = take_character_escape(cursor_, caseless_, true);
        if (!escape) throw UnknownSyntax();
        return *escape;
    }

    // "[:alpha:]", "[:^alpha:]"; what only begins like one is plain characters.
    std::optional<CharacterSet> take_posix() {
        if (cursor_.at(1) != ':') return std::nullopt;
        const auto end = cursor_.rest().find(":]", 2);
        if (end == std::string_view::npos) return std::nullopt;
        auto name = cursor_.rest().substr(2, end - 2);
        const bool negated = name.starts_with('^');
        if (negated) name.remove_prefix(1);
        if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != name.npos) return std::nullopt;
        if (caseless_ && (name == "upper" || name == "lower")) name = "alpha";
        const auto set = posix_set(name);
        if (!set) return std::nullopt;
        cursor_.skip(end + 2);
        has_more_ = true;
        return negated ? set->complement() : *set;
    }

    void add(const CharacterSet& set) {
        result_.plain_ascii = false;
        has_more_ = has_more_ || set.beyond == CharacterSet::Beyond::some;
        result_.set.add(set);
    }

    void add(char32_t first, char32_t last) {
        only_ = first == last ? std::optional(first) : std::nullopt;
        result_.set.add(first, last);
        if (last < 128) return;
        result_.plain_ascii = false;
        has_more_ = true;
        if (!caseless_ || cursor_.bytes()) return;
        for (const auto& [code, letter] : {std::pair(kelvin_sign, U'k'), std::pair(long_s, U's')}) {
            if (first <= code && code <= last) result_.set.add(letter, letter);
        }
    }

    PatternCursor& cursor_;
    bool caseless_, spaced_, quoted_ = false;
    bool has_more_ = false;  // than types and characters of ASCII
    std::size_t items_ = 0;
    std::optional<char32_t> only_;
    CharacterClass result_;
};

}  // namespace

CharacterClass take_class(PatternCursor& cursor, bool caseless, bool spaced) {
    return ClassReader(cursor, caseless, spaced).run();
}

}  // namespace uhost::re
