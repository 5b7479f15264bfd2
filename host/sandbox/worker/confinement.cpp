#include "host/sandbox/worker/confinement.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <initializer_list>

namespace uhost::sandbox {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;  // its shadow memory needs the address space, and its reports more system calls
#else
constexpr bool sanitized = false;
#endif

constexpr rlim_t processor_seconds = 3600;  // over the whole life; each call has a deadline of its own
constexpr rlim_t room_for_frames = rlim_t{512} << 20;

bool close_descriptors() { return ::close_range(STDERR_FILENO + 1, ~0U, 0) == 0; }

bool limit(int resource, rlim_t most) {
    const rlimit wanted{most, most};
    return ::setrlimit(static_cast<__rlimit_resource_t>(resource), &wanted) == 0;
}

bool set_limits(std::uint64_t memory_bytes) {
    bool all = limit(RLIMIT_CPU, processor_seconds);
    all &= limit(RLIMIT_CORE, 0);
    all &= limit(RLIMIT_FSIZE, 0);
    all &= limit(RLIMIT_NPROC, 0);
    all &= limit(RLIMIT_NOFILE, STDERR_FILENO + 1);
    if (!sanitized) all &= limit(RLIMIT_AS, memory_bytes + room_for_frames);
    return all;
}

bool give_up_privileges() {
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

// Each with what it is for. Everything else ends the process.
bool allow_calls(scmp_filter_ctx filter) {
    bool all = true;
    const auto allow = [&](int call, std::initializer_list<scmp_arg_cmp> conditions) {
        all &= seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, static_cast<unsigned>(conditions.size()),
                                      conditions.begin()) == 0;
    };
    allow(SCMP_SYS(read), {SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO)});   // requests
    allow(SCMP_SYS(write), {SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO)});  // answers
    // Memory: anonymous only, and never executable.
    allow(SCMP_SYS(mmap),
          {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0), SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)});
    allow(SCMP_SYS(mremap), {});
    allow(SCMP_SYS(munmap), {});
    allow(SCMP_SYS(madvise), {});
    allow(SCMP_SYS(brk), {});
    allow(SCMP_SYS(mprotect), {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)});  // malloc's arenas grow so
    allow(SCMP_SYS(clock_gettime), {});                                      // deadlines, where the vDSO has no clock
    allow(SCMP_SYS(getrandom), {});                                          // LuaJIT seeds its hashes
    allow(SCMP_SYS(futex), {});                                              // locks of the C and C++ libraries
    allow(SCMP_SYS(rt_sigreturn), {});                                       // after a signal that does not end it
    allow(SCMP_SYS(restart_syscall), {});
    allow(SCMP_SYS(exit_group), {});
    if (sanitized) {  // what the sanitizers' runtimes do in between
        for (const int call :
             {SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigprocmask), SCMP_SYS(sched_yield), SCMP_SYS(getpid),
              SCMP_SYS(gettid), SCMP_SYS(mmap), SCMP_SYS(write), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep)}) {
            allow(call, {});
        }
    }
    return all;
}

bool filter_system_calls() {
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == nullptr) return false;
    const bool loaded = allow_calls(filter) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return loaded;
}

}  // namespace

Confinement confine(std::uint64_t memory_bytes) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    ::clearenv();
    Confinement holds;
    holds.descriptors = close_descriptors() && ::chdir("/") == 0;
    holds.limits = set_limits(memory_bytes);
    holds.no_privileges = give_up_privileges();
    holds.system_calls = filter_system_calls();
    return holds;
}

}  // namespace uhost::sandbox
