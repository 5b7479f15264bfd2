#pragma once

#include <memory>
#include <string_view>

#include "api/re/matcher.hpp"

namespace uhost::re {

/// Finds the lines of a text that a pattern matches, each line as if it were alone (^ and $ are its ends, nothing
/// matches across). A line ends at "\n"; a carriage return before that belongs to it. For one thread at a time.
class LineSearch {
public:
    explicit LineSearch(std::shared_ptr<const Regex> regex);

    /// From now on a match may take fewer backtracking steps from one starting place than Limits::steps.
    void set_max_steps(std::uint32_t steps) { matcher_.set_max_steps(steps); }
    /// Begins with the lines of `text`; a last newline is not to be part of it.
    void begin(std::string_view text);
    /// Goes to the next line that matches; false when there is none. Throws `re.limit`. With a meter, of which all lines
    /// take their steps, the pattern has to be one of Regex::counting().
    bool next(StepMeter* meter = nullptr);

    std::string_view line() const { return text_.substr(line_.begin, line_.size()); }
    /// Where in the text the line begins.
    std::size_t line_offset() const { return line_.begin; }
    /// The groups of the line's first match, relative to the line.
    std::vector<std::optional<Span>> groups() const;
    const Regex& regex() const { return *regex_; }

private:
    bool next_at_once(StepMeter* meter);
    bool next_by_line(StepMeter* meter);
    bool find(std::string_view text, std::size_t start, StepMeter* meter);
    std::size_t end_of_line(std::size_t from) const;

    std::shared_ptr<const Regex> regex_;
    std::shared_ptr<const Regex> for_lines_;  // its form that searches all lines at once, if it has one
    Matcher matcher_;
    std::string_view text_;
    std::size_t position_ =
        0;  // where the lines begin that are yet to be searched; behind the text when there are none
    Span line_{0, 0};
};

}  // namespace uhost::re
