#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace uhost::time {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Reads a text from left to right. What does not fit is not consumed.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

    bool take(char wanted);
    bool take_any_of(std::string_view wanted);
    /// Blanks and tabs; whether there were any.
    bool spaces();
    /// The letters that come next, in lower case; "" when there are none.
    std::string word();
    /// How many digits come next.
    std::size_t digits_ahead() const;
    /// A number of `min` to `max` (up to 15) digits, when that many come next.
    std::optional<std::int64_t> digits(std::size_t min, std::size_t max);
    /// A fraction as ".25" or ",25", of any length; 0 when none comes next. Nothing when digits are missing.
    std::optional<double> fraction();

private:
    std::string_view rest_;
};

inline bool Scanner::take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
}

inline bool Scanner::take_any_of(std::string_view wanted) {
    return !rest_.empty() && wanted.find(rest_.front()) != std::string_view::npos && take(rest_.front());
}

inline bool Scanner::spaces() {
    bool any = false;
    while (take_any_of(" \t")) any = true;
    return any;
}

inline std::string Scanner::word() {
    std::string letters;
    while (is_letter(peek())) {
        letters += static_cast<char>(rest_.front() | 0x20);
        rest_.remove_prefix(1);
    }
    return letters;
}

inline std::size_t Scanner::digits_ahead() const {
    std::size_t count = 0;
    while (count < rest_.size() && is_digit(rest_[count])) ++count;
    return count;
}

inline std::optional<std::int64_t> Scanner::digits(std::size_t min, std::size_t max) {
    const auto count = digits_ahead();
    if (count < min || count > max) return std::nullopt;
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + (rest_[i] - '0');
    rest_.remove_prefix(count);
    return value;
}

inline std::optional<double> Scanner::fraction() {
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
