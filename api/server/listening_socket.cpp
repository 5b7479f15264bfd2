#include "api/server/listening_socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "host/core/error.hpp"

namespace uhost::server {
namespace {

Error address_failure(const std::string& host, std::uint16_t port, const std::string& reason) {
    return Error("server.address", fmt::format("cannot listen at {} port {}: {}", host, port, reason))
        .hint("give an address of this machine and a port that is free; ports below 1024 are for root");
}

bool is_loopback(const sockaddr* address) {
    if (address->sa_family == AF_INET) {
        return ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    if (address->sa_family == AF_INET6) {
        return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr) != 0;
    }
    return address->sa_family == AF_UNIX;
}

void require_loopback(const sockaddr* address, const std::string& host) {
    if (is_loopback(address)) return;
    throw Error("server.offline", fmt::format("cannot listen at {}: uhost runs offline, and others reach it there", host))
        .hint("listen at 127.0.0.1 or ::1, or run without --offline (and UHOST_OFFLINE unset)");
}

sockaddr_storage address_of(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) address.ss_family = AF_UNSPEC;
    return address;
}

}  // namespace

Descriptor listen_at(const std::string& host, std::uint16_t port, bool loopback_only) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    if (loopback_only && host != "localhost") hints.ai_flags |= AI_NUMERICHOST;  // a name server is out of reach, too
    addrinfo* found = nullptr;
    if (const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0) {
        throw address_failure(host, port, gai_strerror(code));
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
    if (loopback_only) require_loopback(found->ai_addr, host);
    Descriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int yes = 1;
    if (!socket || setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 || listen(socket.get(), SOMAXCONN) != 0) {
        if (errno == EADDRINUSE) {
            throw Error("server.address_in_use", fmt::format("another program listens at {} port {}", host, port))
                .hint("stop it, or choose another port")
                .with("port", static_cast<std::int64_t>(port));
        }
        throw address_failure(host, port, std::strerror(errno));
    }
    return socket;
}

// A duplicate, so that nothing is closed that somebody else holds. Programs that are started inherit neither.
Descriptor listening_socket(int descriptor) {
    int listens = 0;
    socklen_t size = sizeof listens;
    const bool is_one = getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0;
    Descriptor duplicate(is_one ? fcntl(descriptor, F_DUPFD_CLOEXEC, 3) : -1);
    if (!duplicate) {
        throw Error("server.address", fmt::format("the descriptor {} is not a listening socket", descriptor))
            .hint("give one that systemd handed over, from 3 on");
    }
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    fcntl(duplicate.get(), F_SETFL, fcntl(duplicate.get(), F_GETFL) | O_NONBLOCK);
    return duplicate;
}

std::uint16_t port_of(int socket) {
    auto address = address_of(socket);
    if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
    if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6&>(address).sin6_port);
    return 0;
}

void require_loopback(int socket) {
    const auto address = address_of(socket);
    require_loopback(reinterpret_cast<const sockaddr*>(&address), "the socket that was handed over");
}

}  // namespace uhost::server
