#pragma once

namespace uhost::git {

class Transfer;

enum class Wait { ready, timed_out, stopped, failed };

/// Waits until `descriptor` can be read or written (poll's `events`), looking at the transfer's stop every tenth of a
/// second. `transfer` may be null.
Wait wait_for(int descriptor, short events, double timeout_s, const Transfer* transfer);

}  // namespace uhost::git
