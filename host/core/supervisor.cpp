#include "host/core/supervisor.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace uhost::supervisor {
namespace {

constexpr int host_ended_signal = SIGHUP;
constexpr long grace_ns = 2'000'000'000, look_every_ns = 20'000'000;

struct Supervision {
    pid_t program, host;
    bool program_ended = false;
    bool at_once = false;  // no grace for anybody
    int status = 0;
};

long now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

void close_all_but(int kept) {
    if (kept > 0) ::close_range(0, static_cast<unsigned>(kept) - 1, 0);
    if (::close_range(static_cast<unsigned>(kept) + 1, ~0U, 0) == 0) return;
    constexpr int max_looked_at = 65536;
    for (int number = 0; number < max_looked_at; ++number) {
        if (number != kept) ::close(number);
    }
}

// Whether there are children left.
bool reap(Supervision& supervision) {
    while (true) {
        int status = 0;
        const pid_t ended = ::waitpid(-1, &status, WNOHANG);
        if (ended == 0) return true;
        if (ended < 0 && errno == EINTR) continue;
        if (ended < 0) return false;
        if (ended != supervision.program) continue;
        supervision.program_ended = true;
        supervision.status = status;
    }
}

// Waits for a signal (all are blocked), for at most so long.
void wait_for_signal(Supervision& supervision, long at_most_ns) {
    sigset_t all;
    ::sigfillset(&all);
    const timespec duration{at_most_ns / 1'000'000'000, at_most_ns % 1'000'000'000};
    if (::sigtimedwait(&all, nullptr, &duration) == end_signal()) supervision.at_once = true;
    if (::getppid() != supervision.host) supervision.at_once = true;
}

// Only its own children: those of a child that ends become its own. The kernel lists them, in decimal.
void signal_children(int signal) {
    const int list = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (list < 0) return;
    char bytes[4096];
    pid_t id = 0;
    for (ssize_t count = 0; (count = ::read(list, bytes, sizeof bytes)) > 0;) {
        for (const char* byte = bytes; byte != bytes + count; ++byte) {
            if (*byte >= '0' && *byte <= '9') {
                id = id * 10 + (*byte - '0');
                continue;
            }
            if (id > 0) ::kill(id, signal);
            id = 0;
        }
    }
    ::close(list);
}

// Those who end may leave children, who are then asked in turn.
void end_the_rest(Supervision& supervision) {
    const long deadline = now_ns() + grace_ns;
    while (reap(supervision)) {
        const bool late = supervision.at_once || now_ns() >= deadline;
        signal_children(late ? SIGKILL : SIGTERM);
        if (!late) signal_children(SIGCONT);  // a stopped one would not see it
        wait_for_signal(supervision, look_every_ns);
    }
}

}  // namespace

int end_signal() { return SIGRTMAX; }

void begin(pid_t host) {
    ::setsid();
    ::signal(SIGCHLD, SIG_DFL);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    ::prctl(PR_SET_PDEATHSIG, host_ended_signal, 0, 0, 0);
    if (::getppid() != host) ::_exit(127);  // it ended before that
}

void supervise(pid_t program, pid_t host, int report) {
    close_all_but(report);
    Supervision supervision{program, host};
    constexpr long an_hour_ns = 3'600'000'000'000;
    while (reap(supervision) && !supervision.program_ended && !supervision.at_once) {
        wait_for_signal(supervision, an_hour_ns);
    }
    end_the_rest(supervision);
    Report end{supervision.status, {}};
    ::getrusage(RUSAGE_CHILDREN, &end.used);
    [[maybe_unused]] const auto ignored = ::write(report, &end, sizeof end);
    ::_exit(WIFEXITED(end.status) ? WEXITSTATUS(end.status) : 128 + WTERMSIG(end.status));
}

}  // namespace uhost::supervisor
