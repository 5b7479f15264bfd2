#include "host/core/read_only_confinement.hpp"

#include <linux/audit.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <initializer_list>

namespace uhost {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t native_architecture = AUDIT_ARCH_X86_64;
constexpr std::uint32_t first_foreign_call = 0x40000000;  // of the x32 ABI
constexpr std::initializer_list<long> older_calls{SYS_chmod,  SYS_chown, SYS_lchown,    SYS_utime,
                                                  SYS_utimes, SYS_iopl,  SYS_ioperm,    SYS_futimesat,
                                                  SYS_uselib, SYS_ustat, SYS_modify_ldt};
#elif defined(__aarch64__)
constexpr std::uint32_t native_architecture = AUDIT_ARCH_AARCH64;
constexpr std::uint32_t first_foreign_call = 0xffffffff;
constexpr std::initializer_list<long> older_calls{};
#else
#error "the system calls of this architecture are not known here"
#endif

// Newer than the headers of Debian 12; the same number everywhere.
constexpr long sys_fchmodat2 = 452, sys_setxattrat = 463, sys_removexattrat = 466, sys_file_setattr = 469;
constexpr long sys_open_tree_attr = 467;

constexpr std::initializer_list<long> denied_calls{
    // Modes, owners, times and attributes of files.
    SYS_fchmod, SYS_fchmodat, sys_fchmodat2, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_setxattr, SYS_lsetxattr,
    SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, sys_setxattrat, sys_removexattrat,
    sys_file_setattr, SYS_quotactl, SYS_quotactl_fd, SYS_open_by_handle_at, SYS_fanotify_init,
    // Other processes and machines: all sockets but pairs, messages and memory that outlive a process, keys.
    SYS_socket, SYS_io_uring_setup, SYS_msgget, SYS_semget, SYS_shmget, SYS_msgctl, SYS_semctl, SYS_shmctl, SYS_msgsnd,
    SYS_msgrcv, SYS_semop, SYS_semtimedop, SYS_shmat, SYS_mq_open, SYS_mq_unlink, SYS_add_key, SYS_request_key,
    SYS_keyctl, SYS_ptrace, SYS_process_vm_writev, SYS_process_madvise, SYS_pidfd_getfd, SYS_migrate_pages,
    SYS_move_pages,
    // The machine.
    SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname, SYS_mount,
    SYS_umount2, SYS_pivot_root, SYS_move_mount, SYS_open_tree, sys_open_tree_attr, SYS_fsopen, SYS_fsmount,
    SYS_fsconfig, SYS_fspick, SYS_mount_setattr, SYS_setns, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_kexec_load,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_acct, SYS_syslog, SYS_bpf, SYS_perf_event_open,
    SYS_vhangup, SYS_userfaultfd};

// To processes outside; Landlock knows which those are since version 6.
constexpr std::initializer_list<long> signal_calls{
    SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal};

// Calls that are harmless when the argument at `index` is `value`.
struct Exception {
    long call;
    unsigned index;
    std::uint32_t value;
};
constexpr std::initializer_list<Exception> allowed_for_itself{
    {SYS_prlimit64, 0, 0},          {SYS_setpriority, 1, 0},    {SYS_ioprio_set, 1, 0},
    {SYS_sched_setscheduler, 0, 0}, {SYS_sched_setparam, 0, 0}, {SYS_sched_setattr, 0, 0},
};
// Requests to ioctl(2) that need no right to write: attributes of files, and input to a terminal.
constexpr std::uint32_t set_flags_of_32_bits = 0x40046602;
constexpr std::initializer_list<std::uint32_t> denied_requests{FS_IOC_SETFLAGS, set_flags_of_32_bits, FS_IOC_FSSETXATTR,
                                                               TIOCSTI};

constexpr std::uint32_t deny = SECCOMP_RET_ERRNO | EPERM;

// A program of the kernel's packet filter, which looks at a seccomp_data.
class FilterProgram {
public:
    void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)); }
    void load_call() { load(offsetof(seccomp_data, nr)); }
    // The lower half, which the kernel looks at where an argument is an int.
    void load_argument(unsigned index) { load(offsetof(seccomp_data, args) + index * sizeof(std::uint64_t)); }
    void end(std::uint32_t action) { add(BPF_RET | BPF_K, action); }
    void skip_unless_equal(std::uint32_t value, std::uint8_t steps) { add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, steps); }
    void skip_if_equal(std::uint32_t value, std::uint8_t steps) { add(BPF_JMP | BPF_JEQ | BPF_K, value, steps, 0); }
    void skip_if_less(std::uint32_t value, std::uint8_t steps) { add(BPF_JMP | BPF_JGE | BPF_K, value, 0, steps); }
    void deny_call(long call) {
        skip_unless_equal(static_cast<std::uint32_t>(call), 1);
        end(deny);
    }
    std::vector<sock_filter> take() { return std::move(steps_); }

private:
    void add(int code, std::uint32_t operand, std::uint8_t if_true = 0, std::uint8_t if_false = 0) {
        steps_.push_back({static_cast<std::uint16_t>(code), if_true, if_false, operand});
    }
    std::vector<sock_filter> steps_;
};

void deny_ioctl_requests(FilterProgram& program) {
    program.skip_unless_equal(SYS_ioctl, static_cast<std::uint8_t>(2 * denied_requests.size() + 2));
    program.load_argument(1);
    for (const auto request : denied_requests) program.deny_call(request);
    program.load_call();
}

std::vector<sock_filter> filter_program() {
    FilterProgram program;
    program.load(offsetof(seccomp_data, arch));
    program.skip_if_equal(native_architecture, 1);
    program.end(SECCOMP_RET_KILL_PROCESS);  // its calls have other numbers
    program.load_call();
    program.skip_if_less(first_foreign_call, 1);
    program.end(SECCOMP_RET_ERRNO | ENOSYS);
    for (const auto& calls : {denied_calls, older_calls}) {
        for (const long call : calls) program.deny_call(call);
    }
    if (Landlock::version() < 6) {
        for (const long call : signal_calls) program.deny_call(call);
    }
    for (const auto& exception : allowed_for_itself) {
        program.skip_unless_equal(static_cast<std::uint32_t>(exception.call), 4);
        program.load_argument(exception.index);
        program.skip_if_equal(exception.value, 1);
        program.end(deny);
        program.load_call();
    }
    deny_ioctl_requests(program);
    program.end(SECCOMP_RET_ALLOW);
    return program.take();
}

}  // namespace

ReadOnlyConfinement::ReadOnlyConfinement(const std::vector<std::string>& writable_folders)
    : files_(Landlock::Deny::changes), system_calls_(filter_program()) {
    for (const auto& folder : writable_folders) files_.allow_changes(folder);
    for (const auto* device : {"/dev/null", "/dev/zero", "/dev/full"}) files_.allow_changes(device);
}

int ReadOnlyConfinement::apply() const noexcept {
    if (const int failure = files_.restrict_self(); failure != 0) return failure;
    const sock_fprog program{static_cast<unsigned short>(system_calls_.size()),
                             const_cast<sock_filter*>(system_calls_.data())};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0 ? 0 : errno;
}

}  // namespace uhost
