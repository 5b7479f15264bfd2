#include "api/git/remote/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <thread>

#include "api/git/remote/transfer.hpp"
#include "host/core/error.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t max_errors = 4096;

void set_non_blocking(int descriptor) { fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK); }

}  // namespace

Child::Child(const std::vector<std::string>& arguments, const std::string& folder,
             const EnvironmentChanges& environment) {
    try {
        // Sockets in place of pipes: writing to a program that has ended then fails, without a signal.
        auto input = make_socket_pair(), output = make_socket_pair(), error = make_socket_pair();
        SpawnOptions options;
        options.arguments = arguments;
        options.environment = with_changes(current_environment(), environment);
        options.folder = folder;
        options.streams = {input.read.get(), output.write.get(), error.write.get()};
        process_.emplace(ChildProcess::spawn(options));
        input_ = std::move(input.write);
        output_ = std::move(output.read);
        error_ = std::move(error.read);
    } catch (const std::system_error& failed) {
        throw system_error("git.program", fmt::format("cannot run '{}'", arguments.front()), failed.code().value());
    }
    for (const auto* descriptor : {&input_, &output_, &error_}) set_non_blocking(descriptor->get());
}

bool Child::drain_errors() {
    bool any = false;
    std::array<char, 1024> piece;
    while (error_) {
        const auto got = ::read(error_.get(), piece.data(), piece.size());
        if (got <= 0) return any;
        any = true;
        if (on_errors) on_errors({piece.data(), static_cast<std::size_t>(got)});
        errors_.append(piece.data(), static_cast<std::size_t>(got));
        if (errors_.size() > max_errors) errors_.erase(0, errors_.size() - max_errors);
    }
    return any;
}

void Child::wait_ready(int descriptor, short events, double timeout_s, const Transfer* transfer) {
    auto begin = std::chrono::steady_clock::now();
    while (true) {
        if (transfer != nullptr && transfer->stopped()) throw Error("git.cancelled", "the transfer was cancelled");
        pollfd entries[]{{descriptor, events, 0}, {error_.get(), POLLIN, 0}};
        const int found = poll(entries, 2, 100);
        if (found > 0 && drain_errors()) begin = std::chrono::steady_clock::now();
        if (found > 0 && entries[0].revents != 0) return;
        // An end of file on the errors alone would make poll return at once, for ever.
        if (found > 0 && (entries[1].revents & POLLHUP) != 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        if (timeout_s > 0 && passed.count() > timeout_s) {
            throw Error("git.network", fmt::format("no answer within {:g} s", timeout_s))
                .hint("check the network, or raise the setting git.stall_timeout_s");
        }
    }
}

std::size_t Child::read(char* into, std::size_t size, double timeout_s, const Transfer* transfer) {
    while (true) {
        const auto got = ::read(output_.get(), into, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno == ECONNRESET) return 0;
        if (errno != EAGAIN && errno != EINTR) throw system_error("git.program", "cannot read from a program", errno);
        wait_ready(output_.get(), POLLIN, timeout_s, transfer);
    }
}

bool Child::write(const char* data, std::size_t size, double timeout_s, const Transfer* transfer) {
    while (size > 0) {
        const auto sent = send(input_.get(), data, size, MSG_NOSIGNAL);
        if (sent >= 0) {
            data += sent;
            size -= static_cast<std::size_t>(sent);
            continue;
        }
        if (errno != EAGAIN && errno != EINTR) return false;
        wait_ready(input_.get(), POLLOUT, timeout_s, transfer);
    }
    return true;
}

void Child::close_input() { input_.close(); }

int Child::wait(double timeout_s, const Transfer* transfer) {
    close_input();
    const auto begin = std::chrono::steady_clock::now();
    for (;;) {
        drain_errors();
        if (const auto& exit = process_->try_wait()) {
            drain_errors();
            return exit->signal == 0 ? exit->code : 128 + exit->signal;
        }
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        if (passed.count() > timeout_s || (transfer != nullptr && transfer->stopped())) return -1;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

void Child::terminate(double timeout_s) {
    if (process_->try_wait() || !process_->signal_group(SIGTERM)) return;
    const auto begin = std::chrono::steady_clock::now();
    while (!process_->try_wait()) {
        drain_errors();
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        if (passed.count() > timeout_s) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

}  // namespace uhost::git
