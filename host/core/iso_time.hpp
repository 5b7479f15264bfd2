#pragma once

#include <cstdint>
#include <string>

namespace uhost {

/// "2026-01-31T12:00:00Z": Unix seconds in ISO 8601, UTC, in the Gregorian calendar. Years outside 0 to 9999 get a sign
/// and as many digits as they need ("+12345-01-01T00:00:00Z").
std::string iso_time(std::int64_t unix_seconds);

}  // namespace uhost
