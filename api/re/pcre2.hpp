#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <memory>

#include "api/re/regex.hpp"

namespace uhost::re {

template <auto release>
struct Release {
    void operator()(auto* handle) const { release(handle); }
};

using MatchData = std::unique_ptr<pcre2_match_data, Release<pcre2_match_data_free>>;

/// Whether the PCRE2 that is loaded is of a version before this one.
bool is_library_older_than(int major, int minor);

/// The calling thread's match context: the limits, of backtracking steps the given one, and a stack of its own for
/// compiled patterns. Match calls of one thread never nest, so that they may share it.
pcre2_match_context* match_context(std::uint32_t max_steps = Limits::steps);

}  // namespace uhost::re
