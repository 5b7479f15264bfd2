#pragma once

namespace uhost::git {

/// Has libgit2 make its TCP connections through this room: with a limit on connecting and on silence, and ended when
/// the transfer is cancelled (libgit2 1.5 has neither; TLS goes on top of them). Once for the process.
void register_socket_streams();

}  // namespace uhost::git
