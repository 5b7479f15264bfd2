#include "host/sandbox/worker_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "host/core/error.hpp"

namespace uhost::sandbox {
namespace {

constexpr std::size_t read_at_a_time = 64 * 1024;

[[noreturn]] void cannot_start(const std::filesystem::path& program, int code) {
    throw system_error("policy.worker", fmt::format("cannot start the sandbox worker {}", program.string()), code);
}

/// The attributes and file actions of posix_spawn.
struct SpawnSettings {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;

    SpawnSettings() {
        posix_spawnattr_init(&attributes);
        posix_spawn_file_actions_init(&actions);
    }
    ~SpawnSettings() {
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
};

// A session of its own, so that a terminal's Ctrl-C does not reach it; signals as a new program has them.
pid_t spawn(const std::filesystem::path& program, const std::string& argument, int its_end) {
    SpawnSettings settings;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&settings.attributes, &none);
    posix_spawnattr_setsigdefault(&settings.attributes, &all);
    posix_spawnattr_setflags(&settings.attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_adddup2(&settings.actions, its_end, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&settings.actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&settings.actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::array<char*, 3> arguments{const_cast<char*>("uhost-sandbox"), const_cast<char*>(argument.c_str()), nullptr};
    std::array<char*, 1> environment{nullptr};
    pid_t id = -1;
    const int failed = posix_spawn(&id, program.c_str(), &settings.actions, &settings.attributes, arguments.data(),
                                   environment.data());
    if (failed != 0) cannot_start(program, failed);
    return id;
}

// libuv makes a socket that it watches non-blocking. A worker that is asked is reading: this is short.
bool can_be_written(int socket) {
    constexpr int patience_ms = 5000;
    pollfd waiting{socket, POLLOUT, 0};
    return ::poll(&waiting, 1, patience_ms) > 0;
}

}  // namespace

WorkerProcess::WorkerProcess(const std::filesystem::path& program, const WorkerLimits& limits) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) cannot_start(program, errno);
    socket_ = ends[0];
    try {
        id_ = spawn(program, fmt::format("{},{}", limits.memory_bytes, limits.deadline_ms), ends[1]);
    } catch (const Error&) {
        ::close(ends[0]);
        ::close(ends[1]);
        throw;
    }
    ::close(ends[1]);
}

WorkerProcess::~WorkerProcess() {
    end();
    ::close(socket_);
}

bool WorkerProcess::send(Operation operation, std::string_view payload) {
    std::string frame(frame_header_bytes, '\0');
    frame[0] = static_cast<char>(operation);
    const auto size = static_cast<std::uint32_t>(payload.size());
    std::memcpy(frame.data() + 1, &size, sizeof size);
    frame += payload;
    for (std::string_view rest = frame; !rest.empty();) {
        const auto sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN && can_be_written(socket_)) continue;
        if (sent < 0) {
            gone_ = true;
            return false;
        }
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void WorkerProcess::wait(int milliseconds) const {
    pollfd socket{socket_, POLLIN, 0};
    ::poll(&socket, 1, milliseconds);
}

std::uint64_t WorkerProcess::processor_ns() const {
    clockid_t clock{};
    timespec used{};
    if (clock_getcpuclockid(id_, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
    return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(used.tv_nsec);
}

/// Reads what is there; false when that is nothing.
bool WorkerProcess::read_more() {
    const auto before = received_.size();
    received_.resize(before + read_at_a_time);
    const auto got = ::recv(socket_, received_.data() + before, read_at_a_time, MSG_DONTWAIT);
    received_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) gone_ = true;
    return got > 0;
}

std::optional<WorkerProcess::Frame> WorkerProcess::receive() {
    while (true) {
        if (received_.size() >= frame_header_bytes) {
            std::uint32_t size = 0;
            std::memcpy(&size, received_.data() + 1, sizeof size);
            if (size > largest_frame + frame_header_bytes) {
                gone_ = true;
                return std::nullopt;
            }
            if (received_.size() >= frame_header_bytes + size) {
                Frame frame{static_cast<Operation>(received_[0]), received_.substr(frame_header_bytes, size)};
                received_.erase(0, frame_header_bytes + size);
                return frame;
            }
        }
        if (gone_ || !read_more()) return std::nullopt;
    }
}

std::string WorkerProcess::end() {
    if (id_ < 0) return {};
    ::kill(id_, SIGKILL);
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    id_ = -1;
    gone_ = true;
    if (WIFEXITED(status)) return fmt::format("exit code {}", WEXITSTATUS(status));
    return fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
}

}  // namespace uhost::sandbox
