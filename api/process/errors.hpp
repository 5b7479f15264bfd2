#pragma once

#include "api/process/child.hpp"
#include "host/core/error.hpp"

namespace uhost::process {

/// "SIGTERM" for 15; "signal 77" for one without a name.
std::string signal_name(int number);

/// The number of "SIGTERM" or "TERM"; nothing for an unknown name.
std::optional<int> signal_number(std::string_view name);

/// Why starting failed with this errno value, and what to do: `process.not_found`, `process.folder`, `process.start`.
Error start_error(const Command& command, int code);

/// `process.failed`: a program ended with another code than 0, or by a signal. The message ends with the last line of
/// `errors`, what it wrote to standard error; `native` holds the last lines.
Error failed(const std::vector<std::string>& arguments, const Ending& ending, std::string_view errors);

/// `process.timeout`: it was ended because it took longer than it was given.
Error timed_out(const std::vector<std::string>& arguments, double timeout_s, std::string_view errors);

/// `process.too_much_output`: more than `max_bytes` of its output were waiting to be read.
Error too_much_output(const std::vector<std::string>& arguments, std::size_t max_bytes);

}  // namespace uhost::process
