#include "api/re/line_pattern.hpp"

#include <algorithm>
#include <array>

namespace uhost::re {
namespace {

constexpr std::string_view blanks = R"( \t\x0b\f\r)";  // what \s matches but the newline

bool is_one_of(char c, std::string_view set) { return c != '\0' && set.find(c) != std::string_view::npos; }
bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// Goes through a pattern once, copying what is safe and rewriting what can be made so.
class Rewriter {
public:
    explicit Rewriter(std::string_view pattern) : rest_(pattern) {}

    std::optional<std::string> run() {
        while (!rest_.empty()) {
            if (!element()) return std::nullopt;
        }
        return std::move(out_);
    }

private:
    bool element() {
        switch (rest_.front()) {
            case '\n':
                return false;
            case '\\':
                return escape();
            case '[':
                return bracket();
            case '(':
                return opening();
            default:
                return copy(1);
        }
    }

    bool copy(std::size_t count) {
        out_ += rest_.substr(0, count);
        return skip(count);
    }

    bool skip(std::size_t count) {
        rest_.remove_prefix(std::min(count, rest_.size()));
        return true;
    }

    bool replace(std::size_t count, std::string_view replacement) {
        out_ += replacement;
        return skip(count);
    }

    char at(std::size_t i) const { return i < rest_.size() ? rest_[i] : '\0'; }

    bool escape() {
        const char letter = at(1);
        switch (letter) {
            case 's':
                return replace(2, std::string("[").append(blanks).append("]"));
            case 'W':
                return replace(2, R"([^\w\n])");
            case 'D':
                return replace(2, R"([^\d\n])");
            case 'A':
                return replace(2, "^");
            case 'z':
            case 'Z':
                return replace(2, "$");
            case 'x':
                return hexadecimal();
            case 'p':
                return property();
            default:
                break;
        }
        if (letter == '\0' || letter == '\n' || (letter == 'N' && at(2) == '{')) return false;
        // Back references are to what was matched before, which holds no newline; "\12" may be an octal newline.
        if (letter >= '1' && letter <= '9') return !(at(2) >= '0' && at(2) <= '9') && copy(2);
        if (!is_letter_or_digit(letter) || is_one_of(letter, "wdSbBhNVtfreak")) return copy(2);
        return false;
    }

    // "\x1b" and "\x{2028}": two digits at most, or any in braces.
    bool hexadecimal() {
        const auto digits = at(2) == '{' ? rest_.substr(3, rest_.find('}') - 3) : rest_.substr(2, 2);
        if (rest_.size() < 4 || digits.empty() || digits.size() > 8) return false;
        if (!std::ranges::all_of(digits, [](char c) { return is_one_of(c, "0123456789abcdefABCDEF"); })) return false;
        const auto value = std::stoul(std::string(digits), nullptr, 16);
        return value != '\n' && copy(at(2) == '{' ? digits.size() + 4 : 4);
    }

    // "\p{Lu}", "\pL": letters, marks, numbers, punctuation and symbols, none of which has a newline.
    bool property() {
        const bool braces = at(2) == '{';
        if (!is_one_of(at(braces ? 3 : 2), "LMNPS")) return false;
        if (!braces) return copy(3);
        const auto size = rest_.find('}');
        return (size == 4 || size == 5) && copy(size + 1);
    }

    bool opening() {
        if (at(1) == '*') return false;
        if (at(1) != '?') return copy(1);
        switch (at(2)) {
            case ':':
            case '=':
            case '!':
            case '>':
            case '|':
            case '\'':
                return copy(3);
            case '<':
                return copy(at(3) == '=' || at(3) == '!' ? 4 : 3);
            case 'P':
                return at(3) == '<' && copy(4);
            default:
                return options();
        }
    }

    // "(?i)" and "(?im:": only letters that leave the dot, ^ and $ and blanks in the pattern as they are, or better.
    bool options() {
        std::size_t end = 2;
        while (is_one_of(at(end), "imnJU")) ++end;
        return end > 2 && (at(end) == ')' || at(end) == ':') && copy(end + 1);
    }

    bool bracket() {
        const bool negated = at(1) == '^';
        copy(negated ? 2 : 1);
        if (negated) out_ += "\\n";
        // What is special only in the first place is no longer there.
        if (at(0) == ']' || at(0) == '-') replace(1, std::string("\\") + at(0));
        while (at(0) != ']') {
            if (rest_.empty() || !(negated ? negated_item() : item())) return false;
        }
        return copy(1);
    }

    // Whatever it names, the newline is taken out of it.
    bool negated_item() {
        if (at(0) == '[' && is_one_of(at(1), ":.=")) return posix_class(false);
        if (at(0) == '\\') return !is_one_of(at(1), "QEc") && at(1) != '\0' && copy(2);
        return copy(1);
    }

    bool item() {
        if (at(0) == '[' && is_one_of(at(1), ":.=")) return posix_class(true);
        if (at(0) == '\\') return escaped_item();
        if (at(0) == '-') return copy(1);
        // A range from below the newline would hold it.
        return static_cast<unsigned char>(at(0)) >= ' ' && copy(1);
    }

    bool escaped_item() {
        switch (at(1)) {
            case 's':
                return at(2) != '-' && !out_.ends_with('-') && replace(2, blanks);
            case 'x':
                return !range_follows_hexadecimal() && hexadecimal();
            case 'p':
                return property();
            case 't':
                return at(2) != '-' && copy(2);
            case 'b':
                return at(2) != '-' && copy(2);
            default:
                break;
        }
        if (at(1) == '\0' || at(1) == '\n') return false;
        return (!is_letter_or_digit(at(1)) || is_one_of(at(1), "wdShfre")) && copy(2);
    }

    bool range_follows_hexadecimal() const {
        const auto end = at(2) == '{' ? rest_.find('}') + 1 : 4;
        return at(end) == '-';
    }

    bool posix_class(bool checked) {
        static constexpr std::array<std::string_view, 11> without_newline{
            "alpha", "digit", "alnum", "upper", "lower", "punct", "xdigit", "word", "graph", "blank", "print"};
        const auto end = rest_.find(":]");
        if (at(1) != ':' || end == rest_.npos) return false;
        const bool known = std::ranges::find(without_newline, rest_.substr(2, end - 2)) != without_newline.end();
        return (known || !checked) && copy(end + 2);
    }

    std::string_view rest_;
    std::string out_;
};

}  // namespace

std::optional<std::string> line_pattern(std::string_view pattern, const Flags& flags) {
    if (flags.extended) return std::nullopt;  // comments may hold anything
    return Rewriter(pattern).run();
}

}  // namespace uhost::re
