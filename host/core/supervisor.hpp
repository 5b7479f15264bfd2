#pragma once

#include <sys/resource.h>
#include <sys/types.h>

/// A process between this one and a program that it runs, which sees to it that nothing of the program is left: neither
/// when the program ends, nor when this process does, be it by SIGKILL. It becomes the parent of all that the program
/// leaves behind (PR_SET_CHILD_SUBREAPER), daemons too. Everything here is safe after fork(2) in a process of several
/// threads.
namespace uhost::supervisor {

/// What it says before it ends.
struct Report {
    int status = 0;  ///< of the program, as wait4(2) gives it
    rusage used{};   ///< by the program and all that it left behind
};

/// Asks a supervisor to end all at once; other signals are left to the program, which is in the same group.
int end_signal();

/// In the child of a fork: makes it a supervisor, in a session and a process group of its own. `host` is the process
/// that it lives for.
void begin(pid_t host);

/// Waits for the end of `program`, ends what it has left, writes a Report and exits. What is left when the program ends
/// gets SIGTERM, and two seconds later SIGKILL; after the end of the host all get SIGKILL at once.
[[noreturn]] void supervise(pid_t program, pid_t host, int report);

}  // namespace uhost::supervisor
