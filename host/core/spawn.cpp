#include "host/core/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "host/core/supervisor.hpp"

extern char** environ;

namespace uhost {
namespace {

constexpr unsigned close_range_cloexec = 1U << 2;  // <linux/close_range.h>; Linux 5.11

// All that the child needs between vfork() and execve(): it must not allocate, as it shares our memory.
struct ChildSetup {
    std::vector<const char*> candidates;  // paths to try
    std::vector<char*> arguments, environment;
    std::vector<char*> shell_arguments;  // to run a script without "#!" as execvp does; the second is filled in later
    const char* folder;
    std::array<int, 3> streams;
    ResourceLimits limits;
    const ReadOnlyConfinement* confinement;  // or null
    bool supervised;
    int report;  // where errno goes when it cannot start
};

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

void reset_signals() {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &action, nullptr);
}

bool set_limit(int resource, std::optional<std::uint64_t> wanted, std::uint64_t more_for_hard = 0) {
    rlimit limit{};
    if (!wanted) return true;
    if (::getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0) return false;
    limit.rlim_max = std::min<rlim_t>(limit.rlim_max, *wanted + more_for_hard);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, *wanted);
    return ::setrlimit(static_cast<__rlimit_resource_t>(resource), &limit) == 0;
}

bool set_limits(const ResourceLimits& limits) {
    return set_limit(RLIMIT_CPU, limits.cpu_seconds, 1) && set_limit(RLIMIT_AS, limits.memory_bytes) &&
           set_limit(RLIMIT_FSIZE, limits.file_bytes) && set_limit(RLIMIT_NOFILE, limits.open_files);
}

bool connect_streams(const ChildSetup& setup) {
    int null = -1;
    std::array<int, 3> sources = setup.streams;
    for (int& source : sources) {
        if (source < 0 && null < 0) null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        if (source < 0) source = null;
        // Out of the way of the numbers that are about to be replaced.
        if (source >= 0 && source <= STDERR_FILENO) source = ::fcntl(source, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        if (source < 0) return false;
    }
    for (int stream = 0; stream <= STDERR_FILENO; ++stream) {
        if (::dup2(sources[static_cast<std::size_t>(stream)], stream) < 0) return false;
    }
    return true;
}

// Lua's io.open, for one, opens files that a child would inherit.
void close_others_on_exec() {
    if (::close_range(STDERR_FILENO + 1, ~0U, close_range_cloexec) == 0) return;
    constexpr rlim_t max_looked_at = 65536;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const auto end = static_cast<int>(std::min(limit.rlim_cur, max_looked_at));
    for (int number = STDERR_FILENO + 1; number < end; ++number) ::fcntl(number, F_SETFD, FD_CLOEXEC);
}

// Tries the candidates as execvp does: what is missing is passed over, a file that may not be run is remembered.
void execute(ChildSetup& setup) {
    int failure = ENOENT;
    for (const char* candidate : setup.candidates) {
        ::execve(candidate, setup.arguments.data(), setup.environment.data());
        if (errno == ENOEXEC) {
            setup.shell_arguments[1] = const_cast<char*>(candidate);
            ::execve("/bin/sh", setup.shell_arguments.data(), setup.environment.data());
        }
        if (errno == EACCES) failure = EACCES;
        if (errno != EACCES && errno != ENOENT && errno != ENOTDIR) return;
    }
    errno = failure;
}

// The last step: afterwards hardly anything can be set up.
bool confine(const ReadOnlyConfinement* confinement) {
    if (confinement != nullptr) errno = confinement->apply();
    return confinement == nullptr || errno == 0;
}

[[noreturn]] void run_child(ChildSetup& setup) {
    reset_signals();
    if (setup.supervised) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);  // it belongs to the session of its supervisor
    } else {
        ::setsid();
    }
    if (connect_streams(setup) && (setup.folder == nullptr || ::chdir(setup.folder) == 0) && set_limits(setup.limits)) {
        close_others_on_exec();
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        if (confine(setup.confinement)) execute(setup);
    }
    const int code = errno;
    [[maybe_unused]] const auto ignored = ::write(setup.report, &code, sizeof code);
    ::_exit(127);
}

// vfork() copies no page tables: starting a program costs the same in a large process. The child runs on our stack
// until execve(), with signals blocked, so that none of our handlers runs in it. Here nothing else is on that stack.
[[gnu::noinline]] pid_t start_child(ChildSetup& setup) {
    const pid_t id = ::vfork();
    if (id == 0) run_child(setup);
    return id;
}

// A supervisor lives as long as the program, so it needs memory of its own: here it has to be a fork.
pid_t start_supervised(ChildSetup& setup, int supervisor_report) {
    const pid_t host = ::getpid();
    const pid_t id = ::fork();
    if (id != 0) return id;
    supervisor::begin(host);
    const pid_t program = start_child(setup);
    if (program > 0) supervisor::supervise(program, host, supervisor_report);
    const int code = errno;
    [[maybe_unused]] const auto ignored = ::write(setup.report, &code, sizeof code);
    ::_exit(127);
}

class BlockedSignals {
public:
    BlockedSignals() {
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

private:
    sigset_t before_{};
};

std::string_view variable(const EnvironmentEntries& environment, std::string_view name) {
    for (const std::string_view entry : environment) {
        if (entry.starts_with(name) && entry.substr(name.size()).starts_with('=')) return entry.substr(name.size() + 1);
    }
    return {};
}

std::vector<std::string> candidates(const SpawnOptions& options) {
    if (!options.program.empty()) return {options.program};
    const auto& name = options.arguments.at(0);
    if (name.find('/') != std::string::npos) return {name};
    std::vector<std::string> paths;
    auto path = variable(options.environment, "PATH");
    if (path.empty()) path = "/bin:/usr/bin";
    for (;;) {
        const auto colon = path.find(':');
        const auto folder = path.substr(0, colon);
        paths.push_back(folder.empty() ? name : std::string(folder) + "/" + name);
        if (colon == std::string_view::npos) return paths;
        path.remove_prefix(colon + 1);
    }
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

EnvironmentEntries current_environment() {
    EnvironmentEntries entries;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) entries.emplace_back(*entry);
    return entries;
}

EnvironmentEntries with_changes(const EnvironmentEntries& base, const EnvironmentChanges& changes) {
    EnvironmentEntries entries;
    std::ranges::copy_if(base, std::back_inserter(entries), [&](std::string_view entry) {
        const auto name = entry.substr(0, entry.find('='));
        return std::ranges::none_of(changes, [&](const auto& change) { return change.first == name; });
    });
    for (const auto& [name, value] : changes) {
        if (value) entries.push_back(name + "=" + *value);
    }
    return entries;
}

ChildProcess ChildProcess::spawn(const SpawnOptions& options) {
    const auto paths = candidates(options);
    auto [read_end, write_end] = make_pipe();
    ChildSetup setup{{},
                     pointers_to(options.arguments),
                     pointers_to(options.environment),
                     {const_cast<char*>("sh"), nullptr},
                     options.folder.empty() ? nullptr : options.folder.c_str(),
                     options.streams,
                     options.limits,
                     options.confinement.get(),
                     options.supervised,
                     write_end.get()};
    for (const auto& path : paths) setup.candidates.push_back(path.c_str());
    const auto& arguments = setup.arguments;  // with its null pointer at the end
    setup.shell_arguments.insert(setup.shell_arguments.end(), arguments.begin() + 1, arguments.end());
    auto supervisor_report = options.supervised ? make_pipe() : DescriptorPair{};
    pid_t id = -1;
    int failure = 0;
    {
        const BlockedSignals blocked;
        id = options.supervised ? start_supervised(setup, supervisor_report.write.get()) : start_child(setup);
        if (id < 0) failure = errno;
    }
    write_end.close();
    supervisor_report.write.close();
    if (id < 0) throw std::system_error(failure, std::generic_category());
    ChildProcess child(id, std::move(supervisor_report.read));
    std::string report;
    if (read_all(read_end.get(), report, sizeof failure) == 0 && report.size() == sizeof failure) {
        std::ranges::copy(report, reinterpret_cast<char*>(&failure));
        child.wait();
        throw std::system_error(failure, std::generic_category());
    }
    return child;
}

ChildProcess::ChildProcess(pid_t id, Descriptor report)
    : id_(id), exit_descriptor_(static_cast<int>(::syscall(SYS_pidfd_open, id, 0))), report_(std::move(report)) {}

ChildProcess::~ChildProcess() {
    if (id_ < 0 || exit_) return;
    if (!end_supervised()) ::kill(-id_, SIGKILL);
    wait();
}

void ChildProcess::collect(int flags) {
    supervisor::Report end;
    pid_t ended = 0;
    do {
        ended = ::wait4(id_, &end.status, flags, &end.used);
    } while (ended < 0 && errno == EINTR);
    if (ended == 0) return;
    std::string said;  // nothing when the supervisor was killed: then its own end is what is known
    if (report_ && read_all(report_.get(), said, sizeof end) == 0 && said.size() == sizeof end) {
        std::ranges::copy(said, reinterpret_cast<char*>(&end));
    }
    ProcessExit exit;
    if (ended < 0) {
        exit.code = 127;  // somebody else waited for it; how it ended is lost
    } else if (WIFSIGNALED(end.status)) {
        exit.signal = WTERMSIG(end.status);
        exit.core_dumped = WCOREDUMP(end.status);
    } else {
        exit.code = WEXITSTATUS(end.status);
    }
    constexpr std::int64_t block_bytes = 512;
    exit.user_seconds = seconds(end.used.ru_utime);
    exit.system_seconds = seconds(end.used.ru_stime);
    exit.peak_memory_bytes = static_cast<std::int64_t>(end.used.ru_maxrss) * 1024;
    exit.read_bytes = end.used.ru_inblock * block_bytes;
    exit.written_bytes = end.used.ru_oublock * block_bytes;
    exit_ = exit;
}

const std::optional<ProcessExit>& ChildProcess::try_wait() {
    if (!exit_) collect(WNOHANG);
    return exit_;
}

const ProcessExit& ChildProcess::wait() {
    if (!exit_) collect(0);
    return *exit_;
}

bool ChildProcess::signal_group(int signal) const { return id_ > 0 && ::kill(-id_, signal) == 0; }

bool ChildProcess::end_supervised() const {
    if (!report_ || id_ <= 0) return false;
    ::kill(id_, SIGCONT);
    return ::kill(id_, supervisor::end_signal()) == 0;
}

}  // namespace uhost
