#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "api/re/regex.hpp"

struct pcre2_real_match_data_8;

namespace uhost::re {

class StepMeter;

/// Finds a pattern in subjects, and holds what the last match was. For one thread at a time.
class Matcher {
public:
    explicit Matcher(std::shared_ptr<const Regex> regex);

    /// From now on a match may take fewer backtracking steps from one starting place than Limits::steps.
    void set_max_steps(std::uint32_t steps) { max_steps_ = steps; }

    const Regex& regex() const { return *regex_; }
    const std::shared_ptr<const Regex>& shared_regex() const { return regex_; }

    /// The first match that begins at `start` or later; `not_empty` refuses an empty one at `start` itself, so that a
    /// search may go on where an empty match ended. Assertions may look at what is before `start`.
    /// Throws `re.limit`, with `details.limit`, when the match takes more than it may.
    bool find(std::string_view subject, std::size_t start = 0, bool not_empty = false);
    /// The same from the beginning, with the steps counted, of which it may take no more than the meter says. For what
    /// Regex::counting() gave.
    bool find(std::string_view subject, StepMeter& meter, std::size_t start = 0);

    /// Of the last match: group 0 is the whole; nothing for a group that did not take part. Only after find() was true.
    std::optional<Span> group(unsigned number) const;
    Span whole() const { return *group(0); }
    /// All groups, from 0: a copy, which later matches do not change.
    std::vector<std::optional<Span>> groups() const;

    /// How often the pattern occurs; matches do not overlap.
    std::size_t count(std::string_view subject);

private:
    struct ReleaseData {
        void operator()(pcre2_real_match_data_8* data) const;
    };

    std::shared_ptr<const Regex> regex_;
    std::unique_ptr<pcre2_real_match_data_8, ReleaseData> data_;
    std::uint32_t max_steps_ = Limits::steps;
};

/// Throws the error for a negative code that a matching function of PCRE2 gave, other than "no match".
[[noreturn]] void throw_match_error(const Regex& regex, int code);

}  // namespace uhost::re
