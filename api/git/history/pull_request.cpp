#include "api/git/history/pull_request.hpp"

#include <charconv>

namespace uhost::git {
namespace {

constexpr std::string_view openings[] = {"Auto merge of #", "Rollup merge of #", "Merge pull request #"};
constexpr std::size_t most_digits = 9;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The number that `text` starts with; `length` is that of its digits.
std::optional<std::int64_t> leading_number(std::string_view text, std::size_t& length) noexcept {
    length = 0;
    while (length < text.size() && is_digit(text[length])) ++length;
    if (length == 0 || length > most_digits) return std::nullopt;
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + length, number);
    return number > 0 ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> pull_request_of(std::string_view subject) noexcept {
    std::size_t length = 0;
    for (const std::string_view opening : openings) {
        if (!subject.starts_with(opening)) continue;
        if (const auto number = leading_number(subject.substr(opening.size()), length)) return number;
    }
    const std::size_t open = subject.rfind("(#");
    if (open == std::string_view::npos) return std::nullopt;
    const std::string_view rest = subject.substr(open + 2);
    const auto number = leading_number(rest, length);
    return number && rest.substr(length) == ")" ? number : std::nullopt;
}

}  // namespace uhost::git
