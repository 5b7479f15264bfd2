#include "api/git/remote/socket_stream.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <git2.h>
#include <git2/sys/stream.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include "api/git/remote/transfer.hpp"

namespace uhost::git {

namespace {

constexpr int slice_ms = 100;

}  // namespace

Wait wait_for(int descriptor, short events, double timeout_s, const Transfer* transfer) {
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
        if (transfer != nullptr && transfer->stopped()) return Wait::stopped;
        pollfd entry{descriptor, events, 0};
        const int found = poll(&entry, 1, slice_ms);
        if (found > 0) return Wait::ready;
        if (found < 0 && errno != EINTR) return Wait::failed;
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        if (timeout_s > 0 && passed.count() > timeout_s) return Wait::timed_out;
    }
}
namespace {

constexpr double default_connect_timeout_s = 30, default_stall_timeout_s = 120;

struct FreeAddresses {
    void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

/// A connection. libgit2 sees its first member.
struct SocketStream {
    git_stream base{};
    std::string host, port;
    std::string peer;  ///< who is meant: host and port, or those behind a proxy
    int descriptor = -1;

    ~SocketStream() { close(); }
    void close() {
        if (descriptor >= 0) ::close(descriptor);
        descriptor = -1;
    }
};

SocketStream& stream_of(git_stream* stream) { return *reinterpret_cast<SocketStream*>(stream); }

double connect_timeout() {
    const auto* transfer = Transfer::current();
    return transfer != nullptr ? transfer->access().connect_timeout_s : default_connect_timeout_s;
}

double stall_timeout() {
    const auto* transfer = Transfer::current();
    return transfer != nullptr ? transfer->access().stall_timeout_s : default_stall_timeout_s;
}

// Remembers why, for the transfer and for libgit2.
int fail(const SocketStream& stream, const std::string& what, const std::string& why) {
    if (auto* transfer = Transfer::current(); transfer != nullptr && !transfer->stopped()) {
        transfer->fail(Error("git.network", fmt::format("{} {}:{}: {}", what, stream.host, stream.port, why))
                           .hint("check the address, the network and the proxy settings, then try again")
                           .with("host", stream.host));
    }
    git_error_set_str(GIT_ERROR_NET, why.c_str());
    return -1;
}

int fail_wait(const SocketStream& stream, const std::string& what, Wait wait, double timeout_s) {
    if (wait == Wait::timed_out) return fail(stream, what, fmt::format("no answer within {:g} s", timeout_s));
    if (wait == Wait::stopped) return fail(stream, what, "cancelled");
    return fail(stream, what, std::strerror(errno));
}

// 0 when connected, else an errno value.
int finish_connecting(const SocketStream& stream, Wait& wait) {
    wait = wait_for(stream.descriptor, POLLOUT, connect_timeout(), Transfer::current());
    if (wait != Wait::ready) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(stream.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

int connect_to(SocketStream& stream, const addrinfo& address, Wait& wait) {
    stream.close();
    stream.descriptor =
        socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol);
    if (stream.descriptor < 0) return errno;
    const int on = 1;
    setsockopt(stream.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(stream.descriptor, address.ai_addr, address.ai_addrlen) == 0) return 0;
    return errno == EINPROGRESS ? finish_connecting(stream, wait) : errno;
}

int connect_stream(SocketStream& stream) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    const int code = getaddrinfo(stream.host.c_str(), stream.port.c_str(), &hints, &raw);
    const Addresses addresses(raw);
    if (code != 0) return fail(stream, "cannot find", code == EAI_SYSTEM ? std::strerror(errno) : gai_strerror(code));
    int error = 0;
    Wait wait = Wait::ready;
    for (const auto* address = addresses.get(); address != nullptr; address = address->ai_next) {
        error = connect_to(stream, *address, wait);
        if (error == 0) return 0;
        if (wait == Wait::stopped) break;
    }
    if (wait != Wait::ready) return fail_wait(stream, "cannot reach", wait, connect_timeout());
    return fail(stream, "cannot reach", std::strerror(error));
}

ssize_t read_stream(SocketStream& stream, void* data, std::size_t size) {
    while (true) {
        const auto got = recv(stream.descriptor, data, size, 0);
        if (got >= 0) return got;
        if (errno != EAGAIN && errno != EINTR) return fail(stream, "lost the connection to", std::strerror(errno));
        const auto wait = wait_for(stream.descriptor, POLLIN, stall_timeout(), Transfer::current());
        if (wait != Wait::ready) return fail_wait(stream, "waited in vain for", wait, stall_timeout());
    }
}

// Behind a proxy, a request names who is meant: "CONNECT host:port …" or "GET http://host:port/…".
void note_peer(SocketStream& stream, std::string_view request) {
    const auto space = request.find(' ');
    if (space == std::string_view::npos) return;
    auto target = request.substr(space + 1);
    target = target.substr(0, target.find(' '));
    constexpr std::string_view plain = "http://";
    if (request.starts_with("CONNECT ")) {
        stream.peer = target;
    } else if ((request.starts_with("GET ") || request.starts_with("POST ")) && target.starts_with(plain)) {
        stream.peer = target.substr(plain.size(), target.find('/', plain.size()) - plain.size());
        if (stream.peer.find(':') == std::string::npos) stream.peer += ":80";
    }
}

// libgit2 would send the credentials of one server on to where that redirects.
bool may_write(const SocketStream& stream) {
    auto* transfer = Transfer::current();
    if (transfer == nullptr) return true;
    transfer->peer = stream.peer;
    if (transfer->access().check_peer) transfer->access().check_peer(stream.peer);
    if (transfer->trusted_peer.empty() || transfer->trusted_peer == stream.peer) return true;
    transfer->fail(redirected_error(transfer->url(), stream.peer));
    git_error_set_str(GIT_ERROR_NET, "redirected to another server after logging in");
    return false;
}

ssize_t write_stream(SocketStream& stream, const char* data, std::size_t size) {
    note_peer(stream, {data, size});
    if (!may_write(stream)) return -1;
    while (true) {
        const auto sent = send(stream.descriptor, data, size, MSG_NOSIGNAL);
        if (sent >= 0) return sent;
        if (errno != EAGAIN && errno != EINTR) return fail(stream, "lost the connection to", std::strerror(errno));
        const auto wait = wait_for(stream.descriptor, POLLOUT, stall_timeout(), Transfer::current());
        if (wait != Wait::ready) return fail_wait(stream, "waited in vain for", wait, stall_timeout());
    }
}

// libgit2's callbacks.

int connect(git_stream* base) noexcept {
    return guarded(
        Transfer::current(), [&] { return connect_stream(stream_of(base)); }, -1);
}

ssize_t read(git_stream* base, void* data, std::size_t size) noexcept {
    return guarded(
        Transfer::current(), [&] { return read_stream(stream_of(base), data, size); }, ssize_t{-1});
}

ssize_t write(git_stream* base, const char* data, std::size_t size, int) noexcept {
    return guarded(
        Transfer::current(), [&] { return write_stream(stream_of(base), data, size); }, ssize_t{-1});
}

int close(git_stream* base) noexcept {
    stream_of(base).close();
    return 0;
}

void destroy(git_stream* base) noexcept { const std::unique_ptr<SocketStream> owned(&stream_of(base)); }

int make(git_stream** out, const char* host, const char* port) noexcept {
    return guarded(
        Transfer::current(),
        [&] {
            auto stream = std::make_unique<SocketStream>();
            stream->host = host;
            stream->port = port;
            stream->peer = stream->host + ":" + stream->port;
            stream->base.version = GIT_STREAM_VERSION;
            stream->base.connect = connect;
            stream->base.read = read;
            stream->base.write = write;
            stream->base.close = close;
            stream->base.free = destroy;
            *out = &stream.release()->base;
            return 0;
        },
        -1);
}

}  // namespace

void register_socket_streams() {
    static const bool registered = [] {
        git_stream_registration registration{GIT_STREAM_VERSION, make, nullptr};
        return git_stream_register(GIT_STREAM_STANDARD, &registration) == 0;
    }();
    static_cast<void>(registered);
}

}  // namespace uhost::git
