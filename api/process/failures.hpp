#pragma once

#include "api/process/child.hpp"

namespace uhost::process {

/// `process.failed`: a program ended with another code than 0, or by a signal. The message ends with the last line of
/// `errors`, what it wrote to standard error; `native` holds the last lines.
Error failed(const std::vector<std::string>& arguments, const Ending& ending, std::string_view errors);

/// `process.timeout`: it was ended because it took longer than it was given.
Error timed_out(const std::vector<std::string>& arguments, double timeout_s, std::string_view errors);

/// `process.too_much_output`: more than `most` bytes of its output were waiting to be read.
Error too_much_output(const std::vector<std::string>& arguments, std::size_t most);

}  // namespace uhost::process
