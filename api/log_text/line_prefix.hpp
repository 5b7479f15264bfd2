#pragma once

#include <optional>
#include <string_view>

namespace uhost::log_text {

/// What a CI system, or a tool that fetched its log, put before a line.
struct LinePrefix {
    std::string_view job, step;  ///< of `gh run view --log`; empty otherwise
    std::optional<double> time;  ///< seconds since 1970
    std::string_view text;       ///< the line without all that
};

/// Takes the prefix off a line: a byte order mark, `job<tab>step<tab>` where a time follows it, and an ISO 8601 time
/// with its zone, plain or in brackets, that a blank or the end of the line follows (GitHub, GitLab, Jenkins). A second
/// time is the program's own and stays. GitLab's stream mark (`00O `) goes with its time.
LinePrefix line_prefix(std::string_view line);

}  // namespace uhost::log_text
