// Groups in parentheses, and what else begins with one.
#include <algorithm>

#include "api/re/pattern_parser.hpp"

namespace uhost::re {
namespace {

bool is_decimal(char c) { return c >= '0' && c <= '9'; }
bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

PatternNode PatternParser::group() {
    const auto begin = cursor_.position();
    cursor_.skip(1);
    if (cursor_.take("*")) return is_small_letter(cursor_.at()) ? spelled_out(begin) : verb(begin);
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
    const bool signed_number = (next == '-' || next == '+') && is_decimal(cursor_.at(1));
    if (next == 'R' || is_decimal(next) || signed_number) return reference(begin, Kind::call);
    return options(begin);
}

void PatternParser::close() {
    if (!cursor_.take(")")) throw UnknownSyntax();
}

PatternNode PatternParser::inside(std::size_t begin, bool resets_groups) {
    auto item = choice(resets_groups);
    close();
    auto made = node(Kind::group, begin);
    made.items.push_back(std::move(item));
    return made;
}

PatternNode PatternParser::capture(std::size_t begin, std::string_view name) {
    const auto number = ++groups_;
    if (!name.empty()) {
        const bool known =
            std::ranges::any_of(names_, [&](const auto& each) { return each.name == name && each.group == number; });
        if (!known) names_.push_back({std::string(name), number});
    }
    auto made = inside(begin);
    made.number = number;
    made.name = name;
    return made;
}

PatternNode PatternParser::atomic(std::size_t begin) {
    auto made = inside(begin);
    made.atomic = true;
    return made;
}

PatternNode PatternParser::look(std::size_t begin, bool ahead, bool negative) {
    auto made = inside(begin);
    made.kind = Kind::look;
    made.ahead = ahead;
    made.negative = negative;
    return made;
}

PatternNode PatternParser::reference(std::size_t begin, Kind kind) {
    const auto name = cursor_.take_until(")");
    auto made = node(kind, begin);
    made.name = name;
    return made;
}

PatternNode PatternParser::verb(std::size_t begin) {
    const auto name = cursor_.take_until(")");
    auto made = node(Kind::verb, begin);
    made.name = name;
    return made;
}

// "(*pla:…)", "(*atomic:…)".
PatternNode PatternParser::spelled_out(std::size_t begin) {
    const auto name = cursor_.take_until(":");
    if (name == "atomic" || name == "asr" || name == "atomic_script_run") return atomic(begin);
    if (name == "sr" || name == "script_run") return inside(begin);
    const bool ahead = name == "pla" || name == "nla" || name == "napla" || name.ends_with("lookahead");
    return look(begin, ahead, name == "nla" || name == "nlb" || name.starts_with("negative"));
}

// "(?C)", "(?C5)", or with a quoted text, where a doubled quote stands for one.
PatternNode PatternParser::callout(std::size_t begin) {
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
PatternNode PatternParser::condition(std::size_t begin) {
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
PatternNode PatternParser::options(std::size_t begin) {
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

}  // namespace uhost::re
