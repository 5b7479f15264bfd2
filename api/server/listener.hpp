#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "api/server/exchange.hpp"
#include "host/core/descriptor.hpp"
#include "host/task/loop.hpp"

struct MHD_Daemon;

namespace uhost::server {

/// An HTTP/1.1 server on the host's loop: libmicrohttpd reads and writes, without threads of its own. Requests that are
/// whole wait here to be taken and answered. Belongs to the loop's thread.
class Listener {
public:
    struct Options {
        std::string host = "127.0.0.1";  ///< an address of this machine, or a name that stands for one
        std::uint16_t port = 0;          ///< 0: any that is free
        Descriptor socket;               ///< of listening_socket(), in place of both
        std::string certificate, key;    ///< PEM; both or none
        bool loopback_only = false;      ///< then an address that others reach raises `server.offline`
        Limits limits;
    };

    /// Listens from now on. Throws `server.address` when it cannot, `server.address_in_use` when another program does,
    /// `server.certificate` when the key and the certificate are not a pair.
    Listener(Loop& loop, Options options);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    std::uint16_t port() const { return port_; }
    const std::string& host() const { return options_.host; }
    bool secure() const { return !options_.certificate.empty(); }

    /// The next request; null when none waits.
    std::shared_ptr<Exchange> take();
    bool ready() const { return !waiting_.empty() || stopped_; }
    /// Calls `action` once, when ready() becomes true; empty to call nobody.
    void when_ready(std::function<void()> action) { when_ready_ = std::move(action); }
    bool awaited() const { return static_cast<bool>(when_ready_); }

    /// Takes no more connections; what was begun goes on.
    void stop();
    bool stopped() const { return stopped_; }
    /// Requests whose answer is not wholly sent.
    std::size_t unfinished() const { return exchanges_.size(); }
    /// Calls `action` once, when unfinished() becomes 0.
    void when_finished(std::function<void()> action) { when_finished_ = std::move(action); }

    /// Ends it, and with it what is not finished.
    void close();

private:
    friend class Exchange;
    struct Handlers;  // what libmicrohttpd calls
    struct Connection;

    void start_daemon();
    void run();
    void run_soon();
    void close_slow_connections();
    void wake(std::function<void()>& action);
    int receive(Exchange& exchange, const char* data, std::size_t& size);
    int begin(Exchange& exchange);
    int answer(Exchange& exchange);
    int refuse_body(Exchange& exchange);
    int refuse(Exchange& exchange, int status, const char* reason);
    void end(Exchange& exchange);

    Loop& loop_;
    Options options_;
    std::uint16_t port_ = 0;
    MHD_Daemon* daemon_ = nullptr;
    UvHandle<uv_poll_t> poll_;
    UvHandle<uv_timer_t> timeout_, sweep_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // false once closed, for what was posted
    bool running_ = false, run_again_ = false, run_posted_ = false, stopped_ = false;
    std::size_t total_bytes_ = 0;  // of the bodies of unfinished requests
    std::deque<std::shared_ptr<Exchange>> waiting_;
    std::unordered_map<int, Connection> connections_;  // by descriptor
    std::unordered_set<Exchange*> exchanges_;          // that are not finished
    std::function<void()> when_ready_, when_finished_;
};

}  // namespace uhost::server
