#pragma once

#include "api/process/child.hpp"
#include "host/bind/call.hpp"

namespace uhost::process {

/// What process.run and process.start were asked for.
struct Options {
    Command command;
    Streams streams;
    std::optional<std::string> input;  ///< written to it, then closed
    std::optional<double> timeout_s;   ///< run only
    bool check = false;
    std::size_t max_output_bytes = 0;
    std::optional<std::string> mutates;  ///< the summary of a mutation
};

/// Reads (arguments, options) of process.run; all output is kept.
Options run_options(const bind::Call& call);

/// Reads (arguments, options) of process.start; unread output holds the program up.
Options start_options(const bind::Call& call);

}  // namespace uhost::process
