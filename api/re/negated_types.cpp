#include "api/re/negated_types.hpp"

#include <algorithm>

namespace uhost::re {
namespace {

class Speller {
public:
    Speller(std::string_view pattern, bool extended) : rest_(pattern), extended_(extended) {}

    std::optional<std::string> run() {
        while (!rest_.empty()) {
            if (rest_.front() == '\\')
                escape();
            else if (rest_.front() == '[')
                bracket();
            else if (rest_.starts_with("(?#"))
                copy_through(")");
            else if (rest_.front() == '#' && extended_)
                copy_through("\n");
            else if (sets_extended())
                return std::nullopt;
            else
                copy(1);
        }
        return std::move(out_);
    }

private:
    void copy(std::size_t count) {
        count = std::min(count, rest_.size());
        out_ += rest_.substr(0, count);
        rest_.remove_prefix(count);
    }

    // Up to and with the next `end`, or to the end of the pattern.
    void copy_through(std::string_view end) {
        const auto found = rest_.find(end);
        copy(found == rest_.npos ? rest_.size() : found + end.size());
    }

    void escape() {
        switch (rest_.size() > 1 ? rest_[1] : '\0') {
            case 'D':
                return spell("[^\\d]");
            case 'S':
                return spell("[^\\s]");
            case 'W':
                return spell("[^\\w]");
            case 'Q':
                return copy_through("\\E");
            case 'c':
                return copy(3);
            default:
                return copy(2);
        }
    }

    void spell(std::string_view longer) {
        out_ += longer;
        rest_.remove_prefix(2);
    }

    void bracket() {
        copy(rest_.starts_with("[^") ? 2 : 1);
        if (rest_.starts_with(']')) copy(1);
        while (!rest_.empty() && rest_.front() != ']') {
            if (rest_.starts_with("\\Q"))
                copy_through("\\E");
            else if (rest_.starts_with("\\c"))
                copy(3);
            else if (rest_.front() == '\\')
                copy(2);
            else if (rest_.starts_with("[:") && is_posix_class())
                copy_through(":]");
            else
                copy(1);
        }
        copy(1);
    }

    bool is_posix_class() const {
        const auto end = rest_.find_first_not_of("^abcdefghijklmnopqrstuvwxyz", 2);
        return end != rest_.npos && rest_.substr(end).starts_with(":]");
    }

    // "(?x)", "(?i-x:" and their like.
    bool sets_extended() const {
        if (!rest_.starts_with("(?")) return false;
        const auto end = rest_.find_first_not_of("^-imsxnJU", 2);
        const auto letters = rest_.substr(2, end == rest_.npos ? end : end - 2);
        return letters.find('x') != letters.npos;
    }

    std::string_view rest_;
    bool extended_;
    std::string out_;
};

}  // namespace

std::optional<std::string> spell_negated_types(std::string_view pattern, bool extended) {
    return Speller(pattern, extended).run();
}

}  // namespace uhost::re
