#pragma once

namespace uhost::git {

class Transfer;

enum class Wait { ready, timed_out, stopped, failed };

/// Waits until `descriptor` can be read or written (poll's `events`), looking at the transfer's stop every tenth of a
/// second. `transfer` may be null.
Wait wait_for(int descriptor, short events, double timeout_s, const Transfer* transfer);

/// Has libgit2 make its TCP connections through ours: with a limit on connecting and on silence, and ended when
/// the transfer is cancelled (libgit2 1.5 has neither; TLS goes on top of them). Once for the process.
void register_socket_streams();

}  // namespace uhost::git
