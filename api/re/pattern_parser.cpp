#include "api/re/pattern_parser.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "api/re/pcre2.hpp"

namespace uhost::re {
namespace {

constexpr std::string_view blanks = " \t\n\v\f\r";

unsigned to_number(std::string_view text) {
    unsigned value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

void PatternModes::apply(std::string_view letters) {
    bool on = true;
    for (const char letter : letters) {
        if (letter == '^') caseless = multiline = dot_all = extended = spaced_classes = named_only = false;
        if (letter == '-') on = false;
        if (letter == 'i') caseless = on;
        if (letter == 'm') multiline = on;
        if (letter == 's') dot_all = on;
        if (letter == 'n') named_only = on;
        if (letter == 'x') extended = on;
    }
    if (letters.find("xx") != letters.npos && letters.find("xx") < letters.find('-')) spaced_classes = true;
    const auto minus = letters.find('-');
    if (minus != letters.npos && letters.find('x', minus) != letters.npos) spaced_classes = false;
}

PatternTree PatternParser::run() {
    PatternTree tree;
    auto settings = start_settings();
    tree.root = choice();
    if (!cursor_.at_end()) throw UnknownSyntax();
    if (!settings.empty()) {
        auto all = node(Kind::sequence, 0);
        all.items = std::move(settings);
        all.items.push_back(std::move(tree.root));
        tree.root = std::move(all);
    }
    tree.groups = groups_;
    tree.names = std::move(names_);
    return tree;
}

PatternNode PatternParser::node(Kind kind, std::size_t begin) const {
    PatternNode made;
    made.kind = kind;
    made.span = {begin, cursor_.position()};
    return made;
}

PatternNode PatternParser::assertion(Assertion kind, std::size_t begin) const {
    auto made = node(Kind::assertion, begin);
    made.assertion = kind;
    return made;
}

PatternNode PatternParser::set(const CharacterSet& members, std::size_t begin) const {
    auto made = node(Kind::set, begin);
    made.set = ucp_ ? CharacterSet::unknown() : members;
    made.caseless = modes_.caseless;
    return made;
}

PatternNode PatternParser::character(char32_t code, std::size_t begin) const {
    auto made = node(Kind::set, begin);
    made.set.add(code, code);
    made.character = code;
    made.caseless = modes_.caseless;
    made.plain_ascii = code < 128;
    if (!modes_.caseless) return made;
    if (!cursor_.bytes() && code == 0x212A) made.set.add('k', 'k');
    if (!cursor_.bytes() && code == 0x17F) made.set.add('s', 's');
    made.set.fold(cursor_.bytes());
    return made;
}

// "(*UTF)" and the like, before anything else.
std::vector<PatternNode> PatternParser::start_settings() {
    std::vector<PatternNode> settings;
    while (cursor_.is_at("(*") && cursor_.at(2) >= 'A' && cursor_.at(2) <= 'Z') {
        const auto before = cursor_;
        cursor_.skip(2);
        const auto name = cursor_.take_until(")");
        static constexpr std::string_view known[]{"UTF",          "UCP",
                                                  "CR",           "LF",
                                                  "CRLF",         "ANYCRLF",
                                                  "ANY",          "NUL",
                                                  "NOTEMPTY",     "NOTEMPTY_ATSTART",
                                                  "NO_JIT",       "NO_AUTO_POSSESS",
                                                  "NO_START_OPT", "NO_DOTSTAR_ANCHOR",
                                                  "BSR_ANYCRLF",  "BSR_UNICODE"};
        if (std::ranges::find(known, name) == std::end(known) && !name.starts_with("LIMIT_")) {
            cursor_ = before;
            break;
        }
        if (name == "UTF") cursor_.set_bytes(false);
        // What is a word, a digit or the end of a line is another thing then.
        ucp_ = ucp_ || name == "UCP" || name.ends_with("CR") || name.ends_with("LF") || name == "ANY" || name == "NUL";
        settings.push_back(node(Kind::verb, before.position()));
        settings.back().name = name;
    }
    return settings;
}

// Alternatives, until the end of the group or of the pattern. In "(?|" each counts its groups from the same number.
PatternNode PatternParser::choice(bool resets_groups) {
    const auto begin = cursor_.position();
    const auto outer = modes_;
    const auto groups_before = groups_;
    auto groups_after = groups_;
    std::vector<PatternNode> items{sequence()};
    while (!quoted_ && cursor_.take("|")) {
        groups_after = std::max(groups_after, groups_);
        if (resets_groups) groups_ = groups_before;
        items.push_back(sequence());
    }
    groups_ = std::max(groups_after, groups_);
    modes_ = outer;
    if (items.size() == 1) return std::move(items.front());
    auto made = node(Kind::choice, begin);
    made.items = std::move(items);
    return made;
}

PatternNode PatternParser::sequence() {
    auto made = node(Kind::sequence, cursor_.position());
    for (;;) {
        skip_ignored();
        if (cursor_.at_end() || (!quoted_ && (cursor_.at() == '|' || cursor_.at() == ')'))) break;
        made.items.push_back(repeated(atom()));
    }
    made.span.end = cursor_.position();
    return made;
}

// Quotes' signs, comments, and blanks where they mean nothing.
void PatternParser::skip_ignored() {
    cursor_.skip_ignored(quoted_, [this] {
        if (!cursor_.is_at("(?#")) return modes_.extended && skip_blanks();
        cursor_.take_until(")");
        return true;
    });
}

bool PatternParser::skip_blanks() {
    if (!cursor_.take_all(blanks).empty()) return true;
    // U+0085, U+200E, U+200F, U+2028, U+2029.
    for (const std::string_view blank : {"\xC2\x85", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
        if (!cursor_.bytes() && cursor_.take(blank)) return true;
    }
    if (cursor_.at() != '#') return false;
    const auto end = cursor_.rest().find('\n');
    cursor_.skip(end == std::string_view::npos ? cursor_.rest().size() : end + 1);
    return true;
}

PatternNode PatternParser::repeated(PatternNode item) {
    for (;;) {
        skip_ignored();
        auto made = node(Kind::repeat, item.span.begin);
        const auto begin = cursor_.position();
        if (quoted_ || !quantifier(made)) return item;
        made.quantifier = {begin, cursor_.position()};
        if (cursor_.take("?")) made.greed = PatternNode::Greed::lazy;
        if (made.greed == PatternNode::Greed::greedy && cursor_.take("+")) {
            made.greed = PatternNode::Greed::possessive;
        }
        made.span.end = cursor_.position();
        made.items.push_back(std::move(item));
        item = std::move(made);
    }
}

bool PatternParser::quantifier(PatternNode& repeat) {
    if (cursor_.take("*")) return true;
    if (cursor_.take("+")) {
        repeat.min = 1;
        return true;
    }
    if (cursor_.take("?")) {
        repeat.max = 1;
        return true;
    }
    return cursor_.at() == '{' && counts(repeat);
}

// "{2}", "{2,}", "{2,3}", and with PCRE2 from 10.43 on "{,3}" and blanks; other braces are plain characters.
bool PatternParser::counts(PatternNode& repeat) {
    static const bool is_lenient = !is_library_older_than(10, 43);
    const auto before = cursor_;
    const auto blank = [&] {
        if (is_lenient) cursor_.take_all(" \t");
    };
    cursor_.skip(1);
    blank();
    const auto first = cursor_.take_all(decimal_digits);
    blank();
    const bool range = cursor_.take(",");
    if (range) blank();
    const auto second = range ? cursor_.take_all(decimal_digits) : std::string_view();
    blank();
    const bool missing = first.empty() && (!is_lenient || second.empty());
    if (missing || !cursor_.take("}")) {
        cursor_ = before;
        return false;
    }
    repeat.min = to_number(first);
    if (!range) repeat.max = repeat.min;
    if (!second.empty()) repeat.max = to_number(second);
    return true;
}

PatternNode PatternParser::atom() {
    const auto begin = cursor_.position();
    if (quoted_) return character(cursor_.take_character(), begin);
    switch (cursor_.at()) {
        case '\\':
            return escape();
        case '(':
            return group();
        case '[':
            return bracket();
        case '.':
            cursor_.skip(1);
            return set(modes_.dot_all ? CharacterSet::everything() : not_newline(), begin);
        case '^':
            cursor_.skip(1);
            return assertion(modes_.multiline ? Assertion::line_start : Assertion::text_start, begin);
        case '$':
            cursor_.skip(1);
            return assertion(modes_.multiline ? Assertion::line_end : Assertion::last_line_end, begin);
        default:
            return character(cursor_.take_character(), begin);
    }
}

CharacterSet PatternParser::not_newline() {
    CharacterSet newline;
    newline.add('\n', '\n');
    return newline.complement();
}

PatternNode PatternParser::bracket() {
    const auto begin = cursor_.position();
    // The beginning and the end of a word.
    if (cursor_.take("[[:<:]]") || cursor_.take("[[:>:]]")) return assertion(Assertion::word, begin);
    const auto members = take_class(cursor_, modes_.caseless, modes_.spaced_classes);
    auto made = set(members.set, begin);
    made.negative = members.negated;
    made.character = members.character;
    made.plain_ascii = members.plain_ascii && !members.negated;
    return made;
}

PatternNode PatternParser::escape() {
    const auto begin = cursor_.position();
    const char letter = cursor_.at(1);
    static constexpr std::pair<char, Assertion> places[]{
        {'A', Assertion::text_start}, {'z', Assertion::text_end}, {'Z', Assertion::last_line_end},
        {'b', Assertion::word},       {'B', Assertion::not_word}, {'G', Assertion::search_start}};
    for (const auto& [sign, kind] : places) {
        if (sign != letter) continue;
        cursor_.skip(2);
        return assertion(kind, begin);
    }
    static constexpr std::pair<char, Kind> singles[]{{'R', Kind::line_break}, {'X', Kind::grapheme}, {'K', Kind::keep}};
    for (const auto& [sign, kind] : singles) {
        if (sign != letter) continue;
        cursor_.skip(2);
        return node(kind, begin);
    }
    if (letter == 'g' || letter == 'k') return named_reference();
    if (letter >= '1' && letter <= '9') return numbered();
    const auto found = take_character_escape(cursor_, modes_.caseless, false);
    if (!found) throw UnknownSyntax();
    if (const auto* code = std::get_if<char32_t>(&*found)) return character(*code, begin);
    return set(std::get<CharacterSet>(*found), begin);
}

// "\12" is a group if there are so many before, or else an octal number.
PatternNode PatternParser::numbered() {
    const auto begin = cursor_.position();
    cursor_.skip(1);
    const auto written = cursor_.rest().substr(0, cursor_.rest().find_first_not_of(decimal_digits));
    const auto value = written.size() > 5 ? 65535 : to_number(written);
    if (value < 10 || written[0] >= '8' || value <= groups_) {
        cursor_.skip(written.size());
        auto made = node(Kind::reference, begin);
        made.number = value;
        return made;
    }
    const auto size = std::min<std::size_t>({written.find_first_not_of("01234567"), written.size(), 3});
    unsigned code = 0;
    std::from_chars(written.data(), written.data() + size, code, 8);
    cursor_.skip(size);
    return character(code, begin);
}

// \g{-1}, \g2, \k<name>; \g<name> and \g'1' call a group.
PatternNode PatternParser::named_reference() {
    const auto begin = cursor_.position();
    const bool may_call = cursor_.at(1) == 'g';
    cursor_.skip(2);
    std::string_view name;
    auto kind = Kind::reference;
    if (cursor_.take("{")) {
        name = cursor_.take_until("}");
    } else if (cursor_.take("<")) {
        name = cursor_.take_until(">");
        if (may_call) kind = Kind::call;
    } else if (cursor_.take("'")) {
        name = cursor_.take_until("'");
        if (may_call) kind = Kind::call;
    } else {
        const auto rest = cursor_.rest();
        const std::size_t sign = rest.starts_with('-') || rest.starts_with('+') ? 1 : 0;
        name = rest.substr(0, rest.find_first_not_of(decimal_digits, sign));
        cursor_.skip(name.size());
    }
    auto made = node(kind, begin);
    made.name = name;
    return made;
}

std::optional<PatternTree> parse_pattern(std::string_view pattern, const Flags& flags) {
    try {
        return PatternParser(pattern, flags).run();
    } catch (const UnknownSyntax&) {
        return std::nullopt;
    }
}

}  // namespace uhost::re
