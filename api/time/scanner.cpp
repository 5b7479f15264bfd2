#include "api/time/scanner.hpp"

namespace uhost::time {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool Scanner::take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
}

bool Scanner::take_any_of(std::string_view wanted) {
    return !rest_.empty() && wanted.find(rest_.front()) != std::string_view::npos && take(rest_.front());
}

bool Scanner::spaces() {
    bool any = false;
    while (take_any_of(" \t")) any = true;
    return any;
}

std::string Scanner::word() {
    std::string letters;
    while (is_letter(peek())) {
        letters += static_cast<char>(rest_.front() | 0x20);
        rest_.remove_prefix(1);
    }
    return letters;
}

std::size_t Scanner::digits_ahead() const {
    std::size_t count = 0;
    while (count < rest_.size() && is_digit(rest_[count])) ++count;
    return count;
}

std::optional<std::int64_t> Scanner::digits(std::size_t least, std::size_t most) {
    const auto count = digits_ahead();
    if (count < least || count > most) return std::nullopt;
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + (rest_[i] - '0');
    rest_.remove_prefix(count);
    return value;
}

std::optional<double> Scanner::fraction() {
    if (!take_any_of(".,")) return 0;
    const auto count = digits_ahead();
    if (count == 0) return std::nullopt;
    constexpr std::size_t enough = 15;  // a double has no more
    double value = 0, scale = 1;
    for (std::size_t i = 0; i < count && i < enough; ++i) {
        value = value * 10 + (rest_[i] - '0');
        scale *= 10;
    }
    rest_.remove_prefix(count);
    return value / scale;
}

}  // namespace uhost::time
