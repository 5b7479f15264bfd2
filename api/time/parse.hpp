#pragma once

#include <string_view>

#include "api/time/calendar.hpp"

namespace uhost::time {

/// The instant that `text` names. Accepted, with blanks around:
/// - ISO 8601 and RFC 3339: "2026-01-31", "2026-01", "2026-01-31T12:00Z", "2026-01-31 12:00:00.25 +01:00",
///   "20260131T120000Z"; without an offset it is UTC, without a time midnight;
/// - mail and HTTP (RFC 5322, RFC 9110): "Sat, 31 Jan 2026 12:00:00 +0100", "31 Jan 2026 12:00 GMT";
/// - git and ctime: "Sat Jan 31 12:00:00 2026 +0100";
/// - Unix seconds: "@1769860800", "@1769860800.5", git's raw "1769860800 +0100".
/// Throws `time.syntax` when it is none of them, `time.range` for a date that does not exist.
Instant parse(std::string_view text);

/// What people write in an option such as `--since`: what parse() reads; a duration, with or without "ago", which means
/// that long before `from`; "now", "today" or "yesterday". Throws `time.syntax` and `time.range`.
Instant resolve(std::string_view text, Instant from);

}  // namespace uhost::time
