#include "api/re/pattern_tree.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "api/re/pattern_cursor.hpp"
#include "api/re/pcre2.hpp"

namespace uhost::re {
namespace {

using Kind = PatternNode::Kind;
using Assertion = PatternNode::Assertion;

constexpr std::string_view decimal_digits = "0123456789";
constexpr std::string_view blanks = " \t\n\v\f\r";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

unsigned to_number(std::string_view text) {
    unsigned value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// What letters within a pattern change, until the end of the group.
struct Modes {
    bool caseless, multiline, dot_all, extended, spaced_classes, named_only;

    // "i-s", "^x": what is behind the minus is taken off.
    void apply(std::string_view letters) {
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
};

class Parser {
public:
    Parser(std::string_view pattern, const Flags& flags)
        : cursor_(pattern, flags.bytes), modes_{flags.caseless, flags.multiline, flags.dot_all,
                                                flags.extended, false,           flags.named_only} {}

    PatternTree run() {
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

private:
    PatternNode node(Kind kind, std::size_t begin) const {
        PatternNode made;
        made.kind = kind;
        made.span = {begin, cursor_.position()};
        return made;
    }

    PatternNode assertion(Assertion kind, std::size_t begin) const {
        auto made = node(Kind::assertion, begin);
        made.assertion = kind;
        return made;
    }

    PatternNode set(const CharacterSet& members, std::size_t begin) const {
        auto made = node(Kind::set, begin);
        made.set = ucp_ ? CharacterSet::unknown() : members;
        made.caseless = modes_.caseless;
        return made;
    }

    PatternNode character(char32_t code, std::size_t begin) const {
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
    std::vector<PatternNode> start_settings() {
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
            ucp_ =
                ucp_ || name == "UCP" || name.ends_with("CR") || name.ends_with("LF") || name == "ANY" || name == "NUL";
            settings.push_back(node(Kind::verb, before.position()));
            settings.back().name = name;
        }
        return settings;
    }

    // Alternatives, until the end of the group or of the pattern. In "(?|" each counts its groups from the same number.
    PatternNode choice(bool resets_groups = false) {
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

    PatternNode sequence() {
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
    void skip_ignored() {
        cursor_.skip_ignored(quoted_, [this] {
            if (!cursor_.is_at("(?#")) return modes_.extended && skip_blanks();
            cursor_.take_until(")");
            return true;
        });
    }

    bool skip_blanks() {
        if (!cursor_.take_all(blanks).empty()) return true;
        // U+0085, U+200E, U+200F, U+2028, U+2029.
        for (const std::string_view blank :
             {"\xC2\x85", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
            if (!cursor_.bytes() && cursor_.take(blank)) return true;
        }
        if (cursor_.at() != '#') return false;
        const auto end = cursor_.rest().find('\n');
        cursor_.skip(end == std::string_view::npos ? cursor_.rest().size() : end + 1);
        return true;
    }

    PatternNode repeated(PatternNode item) {
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

    bool quantifier(PatternNode& repeat) {
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
    bool counts(PatternNode& repeat) {
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

    PatternNode atom() {
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

    static CharacterSet not_newline() {
        CharacterSet newline;
        newline.add('\n', '\n');
        return newline.complement();
    }

    PatternNode bracket() {
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

    PatternNode escape() {
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
        static constexpr std::pair<char, Kind> singles[]{
            {'R', Kind::line_break}, {'X', Kind::grapheme}, {'K', Kind::keep}};
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
    PatternNode numbered() {
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
    PatternNode named_reference() {
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

    // Groups ----------------------------------------------------------------------------------------------------------

    PatternNode group() {
        const auto begin = cursor_.position();
        cursor_.skip(1);
        if (cursor_.take("*")) return is_lower(cursor_.at()) ? spelled_out(begin) : verb(begin);
        if (!cursor_.take("?")) return modes_.named_only ? inside(begin) : capture(begin, {});
        if (cursor_.take(":")) return inside(begin);
        if (cursor_.take("|")) return inside(begin, true);
        if (cursor_.take(">")) return atomic(begin);
        if (cursor_.take("=") || cursor_.take("*")) return look(begin, true, false);
        if (cursor_.take("!")) return look(begin, true, true);
        if (cursor_.take("<=") || cursor_.take("<*")) return look(begin, false, false);
        if (cursor_.take("<!")) return look(begin, false, true);
        if (cursor_.take("P<") || cursor_.take("<")) return capture(begin, cursor_.take_until(">"));
        if (cursor_.take("'")) return capture(begin, cursor_.take_until("'"));
        if (cursor_.take("P=")) return reference(begin, Kind::reference);
        if (cursor_.take("P>") || cursor_.take("&")) return reference(begin, Kind::call);
        if (cursor_.take("C")) return callout(begin);
        if (cursor_.at() == '(') return condition(begin);
        const char next = cursor_.at();
        const bool signed_number = (next == '-' || next == '+') && is_digit(cursor_.at(1));
        if (next == 'R' || is_digit(next) || signed_number) return reference(begin, Kind::call);
        return options(begin);
    }

    void close() {
        if (!cursor_.take(")")) throw UnknownSyntax();
    }

    PatternNode inside(std::size_t begin, bool resets_groups = false) {
        auto item = choice(resets_groups);
        close();
        auto made = node(Kind::group, begin);
        made.items.push_back(std::move(item));
        return made;
    }

    PatternNode capture(std::size_t begin, std::string_view name) {
        const auto number = ++groups_;
        if (!name.empty()) {
            const bool known = std::ranges::any_of(
                names_, [&](const auto& each) { return each.name == name && each.group == number; });
            if (!known) names_.push_back({std::string(name), number});
        }
        auto made = inside(begin);
        made.number = number;
        made.name = name;
        return made;
    }

    PatternNode atomic(std::size_t begin) {
        auto made = inside(begin);
        made.atomic = true;
        return made;
    }

    PatternNode look(std::size_t begin, bool ahead, bool negative) {
        auto made = inside(begin);
        made.kind = Kind::look;
        made.ahead = ahead;
        made.negative = negative;
        return made;
    }

    PatternNode reference(std::size_t begin, Kind kind) {
        const auto name = cursor_.take_until(")");
        auto made = node(kind, begin);
        made.name = name;
        return made;
    }

    PatternNode verb(std::size_t begin) {
        const auto name = cursor_.take_until(")");
        auto made = node(Kind::verb, begin);
        made.name = name;
        return made;
    }

    // "(*pla:…)", "(*atomic:…)".
    PatternNode spelled_out(std::size_t begin) {
        const auto name = cursor_.take_until(":");
        if (name == "atomic" || name == "asr" || name == "atomic_script_run") return atomic(begin);
        if (name == "sr" || name == "script_run") return inside(begin);
        const bool ahead = name == "pla" || name == "nla" || name == "napla" || name.ends_with("lookahead");
        return look(begin, ahead, name == "nla" || name == "nlb" || name.starts_with("negative"));
    }

    // "(?C)", "(?C5)", or with a quoted text, where a doubled quote stands for one.
    PatternNode callout(std::size_t begin) {
        cursor_.take_all(decimal_digits);
        if (!cursor_.take(")")) {
            const char sign = cursor_.at() == '{' ? '}' : cursor_.at();
            cursor_.skip(1);
            do cursor_.take_until({&sign, 1});
            while (cursor_.take({&sign, 1}));
            close();
        }
        return node(Kind::callout, begin);
    }

    // "(?(1)yes|no)", "(?(?=a)yes|no)"; the cursor is at the second parenthesis.
    PatternNode condition(std::size_t begin) {
        std::vector<PatternNode> items;
        std::string_view name;
        while (cursor_.is_at("(?C")) items.push_back(group());
        if (cursor_.is_at("(?") || cursor_.is_at("(*")) {
            items.push_back(group());
        } else {
            cursor_.skip(1);
            name = cursor_.take_until(")");
        }
        items.push_back(choice());
        close();
        auto made = node(Kind::condition, begin);
        made.items = std::move(items);
        made.name = name;
        return made;
    }

    // "(?i)", "(?i-x:…)".
    PatternNode options(std::size_t begin) {
        const auto letters = cursor_.take_all("^-imsxnJU");
        if (cursor_.take(")")) {
            modes_.apply(letters);
            auto made = node(Kind::options, begin);
            made.name = letters;
            return made;
        }
        if (!cursor_.take(":")) throw UnknownSyntax();
        const auto outer = modes_;
        modes_.apply(letters);
        auto made = inside(begin);
        modes_ = outer;
        made.options = letters;
        return made;
    }

    PatternCursor cursor_;
    Modes modes_;
    bool quoted_ = false, ucp_ = false;
    unsigned groups_ = 0;
    std::vector<Regex::Name> names_;
};

}  // namespace

std::optional<PatternTree> parse_pattern(std::string_view pattern, const Flags& flags) {
    try {
        return Parser(pattern, flags).run();
    } catch (const UnknownSyntax&) {
        return std::nullopt;
    }
}

}  // namespace uhost::re
