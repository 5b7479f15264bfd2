#include "api/re/character_set.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace uhost::re {
namespace {

using CharacterRange = std::pair<char, char>;

template <std::size_t size>
CharacterSet of_ranges(const std::array<CharacterRange, size>& ranges) {
    CharacterSet set;
    for (const auto& [first, last] : ranges) {
        set.add(static_cast<unsigned char>(first), static_cast<unsigned char>(last));
    }
    return set;
}

CharacterSet of_characters(std::string_view characters) {
    CharacterSet set;
    for (const char c : characters) set.ascii.set(static_cast<unsigned char>(c));
    return set;
}

const CharacterSet digit_set = of_ranges<1>({{{'0', '9'}}});
const CharacterSet upper_set = of_ranges<1>({{{'A', 'Z'}}});
const CharacterSet lower_set = of_ranges<1>({{{'a', 'z'}}});
const CharacterSet letter_set = of_ranges<2>({{{'A', 'Z'}, {'a', 'z'}}});
const CharacterSet word_set = of_ranges<4>({{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}});
const CharacterSet space_set = of_ranges<2>({{{'\t', '\r'}, {' ', ' '}}});
const CharacterSet control_set = of_ranges<2>({{{'\0', '\x1f'}, {'\x7f', '\x7f'}}});
const CharacterSet punctuation_set = of_ranges<4>({{{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}});

CharacterSet with_some_beyond(CharacterSet set) {
    set.beyond = CharacterSet::Beyond::some;
    return set;
}

}  // namespace

CharacterSet CharacterSet::everything() {
    CharacterSet set;
    set.ascii.set();
    set.beyond = Beyond::all;
    return set;
}

CharacterSet CharacterSet::unknown() {
    auto set = everything();
    set.beyond = Beyond::some;
    set.inexact = true;
    return set;
}

void CharacterSet::add(char32_t first, char32_t last) {
    for (auto code = first; code <= std::min<char32_t>(last, 127); ++code) ascii.set(code);
    if (last > 127 && beyond == Beyond::none) beyond = Beyond::some;
}

void CharacterSet::add(const CharacterSet& other) {
    ascii |= other.ascii;
    beyond = std::max(beyond, other.beyond);
    inexact = inexact || other.inexact;
}

CharacterSet CharacterSet::complement() const {
    if (inexact) return unknown();
    auto set = *this;
    set.ascii.flip();
    if (beyond != Beyond::some) set.beyond = beyond == Beyond::none ? Beyond::all : Beyond::none;
    return set;
}

void CharacterSet::fold(bool bytes) {
    for (char letter = 'A'; letter <= 'Z'; ++letter) {
        const auto code = static_cast<unsigned char>(letter);
        if (!ascii[code] && !ascii[code + 32U]) continue;
        ascii.set(code).set(code + 32U);
        if (!bytes && (letter == 'K' || letter == 'S') && beyond == Beyond::none) beyond = Beyond::some;
    }
}

std::optional<CharacterSet> set_of_type(char letter) {
    switch (letter) {
        case 'd':
            return digit_set;
        case 's':
            return space_set;
        case 'w':
            return word_set;
        case 'h':
            return with_some_beyond(of_characters("\t "));
        case 'v':
            return with_some_beyond(of_ranges<1>({{{'\n', '\r'}}}));
        case 'D':
        case 'S':
        case 'W':
        case 'H':
        case 'V':
            return set_of_type(static_cast<char>(letter + 32))->complement();
        default:
            return std::nullopt;
    }
}

std::optional<CharacterSet> posix_set(std::string_view name) {
    static const std::array<std::pair<std::string_view, CharacterSet>, 14> known{{
        {"alnum", of_ranges<3>({{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}})},
        {"alpha", letter_set},
        {"ascii", of_ranges<1>({{{'\0', '\x7f'}}})},
        {"blank", of_characters("\t ")},
        {"cntrl", control_set},
        {"digit", digit_set},
        {"graph", of_ranges<1>({{{'!', '~'}}})},
        {"lower", lower_set},
        {"print", of_ranges<1>({{{' ', '~'}}})},
        {"punct", punctuation_set},
        {"space", space_set},
        {"upper", upper_set},
        {"word", word_set},
        {"xdigit", of_ranges<3>({{{'0', '9'}, {'A', 'F'}, {'a', 'f'}}})},
    }};
    const auto found = std::ranges::find(known, name, &std::pair<std::string_view, CharacterSet>::first);
    if (found == known.end()) return std::nullopt;
    return found->second;
}

// https://www.unicode.org/Public/UCD/latest/ucd/extracted/DerivedGeneralCategory.txt, the first 128 lines.
CharacterSet property_set(std::string_view name) {
    static const std::array<std::pair<std::string_view, CharacterSet>, 15> categories{{
        {"Lu", upper_set},
        {"Ll", lower_set},
        {"Lt", {}},
        {"Nd", digit_set},
        {"Pc", of_characters("_")},
        {"Pd", of_characters("-")},
        {"Ps", of_characters("([{")},
        {"Pe", of_characters(")]}")},
        {"Po", of_characters("!\"#%&'*,./:;?@\\")},
        {"Sm", of_characters("+<=>|~")},
        {"Sc", of_characters("$")},
        {"Sk", of_characters("^`")},
        {"Zs", of_characters(" ")},
        {"Cc", control_set},
        {"Mn", {}},
    }};
    if (name.empty() || name.size() > 2) return CharacterSet::unknown();
    if (name == "L&") return with_some_beyond(letter_set);
    CharacterSet set;
    bool known = false;
    for (const auto& [category, members] : categories) {
        if (!category.starts_with(name)) continue;
        set.add(members);
        known = true;
    }
    return known ? with_some_beyond(set) : CharacterSet::unknown();
}

}  // namespace uhost::re
