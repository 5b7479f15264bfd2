#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace uhost::log_text {

/// A line as it is in the file, without its newline. Of one that is very long, the middle is left out.
struct RawLine {
    std::string_view head;
    std::string_view tail = {};  ///< what follows the part that was left out
    std::uint64_t left_out = 0;  ///< bytes between head and tail
};

/// Turns raw lines into what a person would read on a terminal. For one thread at a time.
///
/// The prefix is taken off (line_prefix.hpp), and so are escape sequences (ECMA-48: colours, titles, links), a carriage
/// return at the end, and what a backspace deletes. Of a line that carriage returns overwrite, the last part that is
/// not blank stays. What is not UTF-8, and NUL, becomes U+FFFD. A longer line than `longest` loses its middle, where a
/// mark says how many bytes; so both ends can be searched and shown.
///
/// Fold marks that a CI system writes and overwrites at once (`travis_fold:start:x`, `section_start:1:x`) are no text
/// of the line; markers() has them. In a line with nothing else they stay.
class LineCleaner {
public:
    static constexpr std::size_t longest = 8192;

    /// Adds the cleaned line to `text`; never a newline.
    void append(const RawLine& line, std::string& text);
    std::string clean(const RawLine& line) {
        std::string text;
        append(line, text);
        return text;
    }

    /// The fold marks of the last line.
    const std::vector<std::string>& markers() const { return markers_; }

private:
    void take(std::string_view piece);
    std::size_t take_special(std::string_view piece, std::size_t at);
    void end_part();
    void finish(std::string& text);
    void append_limited(std::string_view whole, std::string& text) const;

    std::string part_;     // since the last carriage return
    std::string visible_;  // the last part before that was not blank
    std::vector<std::string> markers_;
    std::uint64_t left_out_ = 0;  // of the part
    std::size_t joint_ = 0;       // where in it
    std::uint64_t visible_left_out_ = 0;
    std::size_t visible_joint_ = 0;
};

}  // namespace uhost::log_text
