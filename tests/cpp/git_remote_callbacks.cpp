// Exceptions inside libgit2's callbacks: they end the call that libgit2 made them for, and nothing else.

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "api/git/remote/remote.hpp"
#include "host/core/descriptor.hpp"

using namespace uhost;

namespace {

/// Answers every request with 401, on a port of its own.
class Doorkeeper {
public:
    Doorkeeper() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* raw = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        REQUIRE(bind(listener_.get(), raw, size) == 0);
        REQUIRE(listen(listener_.get(), 8) == 0);
        REQUIRE(getsockname(listener_.get(), raw, &size) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    Doorkeeper(const Doorkeeper&) = delete;
    Doorkeeper& operator=(const Doorkeeper&) = delete;
    ~Doorkeeper() {
        shutdown(listener_.get(), SHUT_RDWR);
        thread_.join();
    }

    std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }

private:
    void serve() const {
        constexpr std::string_view answer =
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n";
        while (true) {
            const Descriptor connection(accept(listener_.get(), nullptr, nullptr));
            if (!connection) return;
            char request[4096];
            if (recv(connection.get(), request, sizeof request, 0) <= 0) continue;
            static_cast<void>(write_all(connection.get(), answer));
        }
    }

    Descriptor listener_;
    unsigned port_ = 0;
    std::thread thread_;
};

Error failure_of(const git::TransferOptions& options, const std::string& url) {
    try {
        git::list_remote(nullptr, url, options);
    } catch (const Error& error) {
        return error;
    }
    return {"none", ""};
}

}  // namespace

TEST_CASE("An exception in a callback of libgit2 is the error of its call", "[git]") {
    const Doorkeeper server;
    git::TransferOptions options;
    options.access.github_origin = server.origin();
    options.access.github_token = []() -> std::string { throw std::runtime_error("the vault is on fire"); };
    const auto failed = failure_of(options, server.origin() + "/r.git");
    CHECK(failed.kind() == "internal");
    CHECK(failed.message() == "the vault is on fire");

    options.access.github_token = []() -> std::string { throw Error("secrets.locked", "the vault is locked"); };
    CHECK(failure_of(options, server.origin() + "/r.git").kind() == "secrets.locked");
    // What was thrown for one call is forgotten by the next.
    options.access.github_token = [] { return std::string(); };
    options.access.credential_helpers = false;
    CHECK(failure_of(options, server.origin() + "/r.git").kind() == "git.auth");
}
