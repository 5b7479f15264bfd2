#include "host/sandbox/worker/confinement.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <initializer_list>
#include <string_view>
#include <system_error>

#include "host/core/landlock.hpp"

namespace uhost::sandbox {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;  // its shadow memory needs the address space, and its reports more system calls
#else
constexpr bool sanitized = false;
#endif

constexpr rlim_t processor_seconds = 3600;  // over the whole life; each call has a deadline of its own
constexpr rlim_t bytes_for_frames = rlim_t{512} << 20;
constexpr id_t nobody = 65534;

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
    if (!sanitized) all &= limit(RLIMIT_AS, memory_bytes + bytes_for_frames);
    return all;
}

// Of all processes, this one is missed least.
void be_killed_first() {
    constexpr std::string_view most = "1000";
    const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    [[maybe_unused]] const auto written = ::write(file, most.data(), most.size());
    ::close(file);
}

// Of capset(2), whose structures have three sets of 64 bits in two halves.
using Capabilities = std::array<__user_cap_data_struct, 2>;

bool has_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    Capabilities held{};
    if (::syscall(SYS_capget, &header, held.data()) != 0) return true;
    for (const auto& half : held) {
        if ((half.effective | half.permitted | half.inheritable) != 0) return true;
    }
    return false;
}

// Nobody's rights, and no capabilities.
bool become_nobody() {
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (::geteuid() == 0) {
        for (int capability = 0; ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; ++capability) {
        }
        if (::setgroups(0, nullptr) != 0 || ::setresgid(nobody, nobody, nobody) != 0 ||
            ::setresuid(nobody, nobody, nobody) != 0) {
            return false;
        }
    }
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const Capabilities none{};
    ::syscall(SYS_capset, &header, none.data());
    return ::geteuid() != 0 && ::getuid() != 0 && !has_capabilities();
}

bool give_up_privileges() {
    // A change of the user takes back both of what follows; so it is before this.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

bool lock_files() {
    try {
        return Landlock(Landlock::Deny::everything).restrict_self() == 0;
    } catch (const std::system_error&) {
        return false;
    }
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
    allow(SCMP_SYS(mremap), {SCMP_A3(SCMP_CMP_EQ, MREMAP_MAYMOVE)});
    allow(SCMP_SYS(munmap), {});
    for (const int advice : {MADV_DONTNEED, MADV_FREE, MADV_HUGEPAGE, MADV_NOHUGEPAGE}) {  // malloc gives memory back
        allow(SCMP_SYS(madvise), {SCMP_A2(SCMP_CMP_EQ, static_cast<scmp_datum_t>(advice))});
    }
    allow(SCMP_SYS(brk), {});
    allow(SCMP_SYS(mprotect), {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)});  // malloc's arenas grow so
    allow(SCMP_SYS(clock_gettime), {});                                      // deadlines, where the vDSO has no clock
    allow(SCMP_SYS(getrandom), {});                                          // LuaJIT seeds its hashes
    for (const int operation : {FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET}) {
        // Locks of the C and C++ libraries.
        allow(SCMP_SYS(futex), {SCMP_A1(SCMP_CMP_MASKED_EQ, static_cast<scmp_datum_t>(FUTEX_CMD_MASK) & UINT32_MAX,
                                        static_cast<scmp_datum_t>(operation))});
    }
    allow(SCMP_SYS(rt_sigreturn), {});                                       // after a signal that does not end it
    allow(SCMP_SYS(restart_syscall), {});
    allow(SCMP_SYS(exit_group), {});
    if (sanitized) {  // what the sanitizers' runtimes do in between
        for (const int call :
             {SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigprocmask), SCMP_SYS(sched_yield), SCMP_SYS(getpid),
              SCMP_SYS(gettid), SCMP_SYS(mmap), SCMP_SYS(write), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
              SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(mremap)}) {
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

Layers confine(std::uint64_t memory_bytes) {
    ::clearenv();
    be_killed_first();
    Layers holds;
    holds.descriptors = close_descriptors() && ::chdir("/") == 0;
    holds.user = become_nobody();
    holds.privileges = give_up_privileges();
    holds.files = lock_files();
    holds.limits = set_limits(memory_bytes);
    holds.system_calls = filter_system_calls();
    return holds;
}

}  // namespace uhost::sandbox
