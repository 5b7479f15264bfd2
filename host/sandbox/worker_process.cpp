#include "host/sandbox/worker_process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <system_error>

#include "host/core/error.hpp"

namespace uhost::sandbox {
namespace {

constexpr std::size_t read_at_a_time = 64 * 1024;

using Clock = std::chrono::steady_clock;

// A worker that gets a frame is reading: this is short. One that does not read, or reads slowly, is given up.
std::chrono::milliseconds patience(std::size_t frame_bytes) {
    return std::chrono::milliseconds(5000 + frame_bytes / 1024);
}

bool can_be_written(int socket, Clock::time_point end) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd waiting{socket, POLLOUT, 0};
    return left > 0 && ::poll(&waiting, 1, static_cast<int>(left)) > 0;
}

}  // namespace

WorkerProcess::WorkerProcess(const std::filesystem::path& program, const WorkerLimits& limits) {
    try {
        auto [ours, its] = make_socket_pair();
        socket_ = std::move(ours);
        SpawnOptions options;
        options.program = program.string();
        options.arguments = {"uhost-sandbox", fmt::format("{},{},{:d}", limits.memory_bytes, limits.deadline_ms,
                                                          limits.all_layers)};
        options.streams[0] = its.get();
        process_.emplace(ChildProcess::spawn(options));
    } catch (const std::system_error& error) {
        throw system_error("policy.worker", fmt::format("cannot start the sandbox worker {}", program.string()),
                           error.code().value());
    }
}

bool WorkerProcess::send(Operation operation, std::string_view payload) {
    std::string frame(frame_header_bytes, '\0');
    frame[0] = static_cast<char>(operation);
    const auto size = static_cast<std::uint32_t>(payload.size());
    std::memcpy(frame.data() + 1, &size, sizeof size);
    frame += payload;
    const auto end = Clock::now() + patience(frame.size());
    for (std::string_view rest = frame; !rest.empty();) {
        const auto sent = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN && can_be_written(socket_.get(), end)) continue;
        if (sent < 0) {
            gone_ = true;
            return false;
        }
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void WorkerProcess::wait(int milliseconds) const {
    pollfd socket{socket_.get(), POLLIN, 0};
    ::poll(&socket, 1, milliseconds);
}

std::uint64_t WorkerProcess::processor_ns() const {
    clockid_t clock{};
    timespec used{};
    if (clock_getcpuclockid(id(), &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
    return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(used.tv_nsec);
}

/// Reads what is there; false when that is nothing.
bool WorkerProcess::read_more() {
    const auto before = received_.size();
    received_.resize(before + read_at_a_time);
    const auto got = ::recv(socket_.get(), received_.data() + before, read_at_a_time, MSG_DONTWAIT);
    received_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) gone_ = true;
    return got > 0;
}

std::optional<WorkerProcess::Frame> WorkerProcess::receive() {
    while (true) {
        if (received_.size() >= frame_header_bytes) {
            std::uint32_t size = 0;
            std::memcpy(&size, received_.data() + 1, sizeof size);
            if (size > max_frame_bytes + frame_header_bytes) {
                gone_ = true;
                return std::nullopt;
            }
            if (received_.size() >= frame_header_bytes + size) {
                Frame frame{static_cast<Operation>(received_[0]), received_.substr(frame_header_bytes, size)};
                received_.erase(0, frame_header_bytes + size);
                return frame;
            }
        }
        if (!read_more()) return std::nullopt;
    }
}

std::string WorkerProcess::end() {
    if (!process_->try_wait()) process_->signal_group(SIGKILL);
    const auto& exit = process_->wait();
    gone_ = true;
    if (exit.signal == 0) return fmt::format("exit code {}", exit.code);
    return fmt::format("signal {} ({})", exit.signal, strsignal(exit.signal));
}

}  // namespace uhost::sandbox
