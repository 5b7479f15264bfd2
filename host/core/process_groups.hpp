#pragma once

namespace uhost {

/// The process groups of the programs that run for this process, for the one moment when there is no time to end them
/// in order: a second Ctrl-C. Lock-free; every function is safe in a signal handler and from any thread. Holds 256
/// groups; more are not remembered.
namespace process_groups {

void add(int group);
void remove(int group);
/// Sends SIGKILL to all of them.
void kill_all();

}  // namespace process_groups
}  // namespace uhost
