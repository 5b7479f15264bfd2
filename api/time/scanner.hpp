#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace uhost::time {

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
    /// A number of `least` to `most` (at most 15) digits, when exactly so many come next.
    std::optional<std::int64_t> digits(std::size_t least, std::size_t most);
    /// A fraction as ".25" or ",25", of any length; 0 when none comes next. Nothing when digits are missing.
    std::optional<double> fraction();

private:
    std::string_view rest_;
};

}  // namespace uhost::time
