#include "api/git/remote/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <thread>

#include "api/git/remote/transfer.hpp"
#include "host/core/error.hpp"

extern char** environ;

namespace uhost::git {
namespace {

constexpr std::size_t most_errors = 4096;

void close_descriptor(int& descriptor) {
    if (descriptor >= 0) close(descriptor);
    descriptor = -1;
}

struct SpawnActions {
    posix_spawn_file_actions_t raw;
    SpawnActions() { posix_spawn_file_actions_init(&raw); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    ~SpawnActions() { posix_spawn_file_actions_destroy(&raw); }
};

struct SpawnAttributes {
    posix_spawnattr_t raw;
    SpawnAttributes() {
        posix_spawnattr_init(&raw);
        sigset_t signals;
        sigemptyset(&signals);
        posix_spawnattr_setsigmask(&raw, &signals);
        sigfillset(&signals);
        posix_spawnattr_setsigdefault(&raw, &signals);
        posix_spawnattr_setflags(&raw, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
    ~SpawnAttributes() { posix_spawnattr_destroy(&raw); }
};

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& changes) {
    std::vector<std::string> all;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view pair = *entry;
        const bool changed = std::any_of(changes.begin(), changes.end(), [&](const auto& change) {
            return pair.starts_with(change.first) && pair.substr(change.first.size()).starts_with('=');
        });
        if (!changed) all.emplace_back(pair);
    }
    for (const auto& [name, value] : changes) all.push_back(name + "=" + value);
    return all;
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

// A socket in place of a pipe: writing to a program that has ended then fails, without a signal.
std::array<int, 2> socket_pair() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw system_error("git.program", "cannot make a socket", errno);
    }
    return ends;
}

void set_non_blocking(int descriptor) { fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK); }

}  // namespace

Child::Child(const std::vector<std::string>& arguments, const std::string& folder,
             const std::vector<std::pair<std::string, std::string>>& environment) {
    auto input = socket_pair(), output = socket_pair(), error = socket_pair();
    SpawnActions actions;
    posix_spawn_file_actions_adddup2(&actions.raw, input[1], 0);
    posix_spawn_file_actions_adddup2(&actions.raw, output[1], 1);
    posix_spawn_file_actions_adddup2(&actions.raw, error[1], 2);
    if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions.raw, folder.c_str());
    const SpawnAttributes attributes;
    const auto variables = environment_with(environment);
    const int code = posix_spawnp(&process_, arguments.front().c_str(), &actions.raw, &attributes.raw,
                                  pointers_to(arguments).data(), pointers_to(variables).data());
    for (auto* ends : {&input, &output, &error}) close_descriptor((*ends)[1]);
    input_ = input[0];
    output_ = output[0];
    error_ = error[0];
    for (const int descriptor : {input_, output_, error_}) set_non_blocking(descriptor);
    if (code == 0) return;
    process_ = -1;
    for (int* descriptor : {&input_, &output_, &error_}) close_descriptor(*descriptor);
    throw system_error("git.program", fmt::format("cannot run '{}'", arguments.front()), code);
}

Child::~Child() {
    for (int* descriptor : {&input_, &output_, &error_}) close_descriptor(*descriptor);
    if (process_ <= 0) return;
    kill(-process_, SIGKILL);
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
}

void Child::drain_errors() {
    std::array<char, 1024> piece;
    while (error_ >= 0) {
        const auto got = ::read(error_, piece.data(), piece.size());
        if (got <= 0) return;
        errors_.append(piece.data(), static_cast<std::size_t>(got));
        if (errors_.size() > most_errors) errors_.erase(0, errors_.size() - most_errors);
    }
}

void Child::wait_ready(int descriptor, short events, double timeout_s, const Transfer* transfer) {
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
        if (transfer != nullptr && transfer->stopped()) throw Error("git.cancelled", "the transfer was cancelled");
        pollfd entries[]{{descriptor, events, 0}, {error_, POLLIN, 0}};
        const int found = poll(entries, 2, 100);
        if (found > 0) drain_errors();
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
        const auto got = ::read(output_, into, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno == ECONNRESET) return 0;
        if (errno != EAGAIN && errno != EINTR) throw system_error("git.program", "cannot read from a program", errno);
        wait_ready(output_, POLLIN, timeout_s, transfer);
    }
}

bool Child::write(const char* data, std::size_t size, double timeout_s, const Transfer* transfer) {
    while (size > 0) {
        const auto sent = send(input_, data, size, MSG_NOSIGNAL);
        if (sent >= 0) {
            data += sent;
            size -= static_cast<std::size_t>(sent);
            continue;
        }
        if (errno != EAGAIN && errno != EINTR) return false;
        wait_ready(input_, POLLOUT, timeout_s, transfer);
    }
    return true;
}

void Child::close_input() { close_descriptor(input_); }

int Child::wait(double timeout_s, const Transfer* transfer) {
    close_input();
    const auto begin = std::chrono::steady_clock::now();
    while (process_ > 0) {
        drain_errors();
        int status = 0;
        const auto ended = waitpid(process_, &status, WNOHANG);
        if (ended == process_) {
            process_ = -1;
            drain_errors();
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        if (passed.count() > timeout_s || (transfer != nullptr && transfer->stopped())) return -1;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return -1;
}

}  // namespace uhost::git
