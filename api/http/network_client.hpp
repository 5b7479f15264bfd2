#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/http/client.hpp"
#include "api/http/network.hpp"
#include "api/http/request_queue.hpp"
#include "api/http/transfer.hpp"
#include "host/task/loop.hpp"

namespace uhost::http {

/// A libcurl multi handle that the loop drives: libcurl names the sockets to watch and when it wants to be called, and
/// is notified of what happened. See https://curl.se/libcurl/c/libcurl-multi.html, "multi_socket". Loop thread only.
class Multi {
public:
    /// Called from the loop; they may add and remove transfers.
    struct Events {
        std::function<void(CURL*, CURLcode)> ended;  ///< for each transfer that libcurl has ended
        std::function<void()> acted;                 ///< whenever libcurl has done something
    };

    /// At most `max_per_host` connections to one host are open, idle ones included; at most `max_connections` are kept
    /// open for later requests.
    Multi(Loop& loop, int max_per_host, int max_connections, Events events);
    ~Multi();
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;

    void add(CURL* easy);
    /// Ends a running transfer; a connection that cannot be used again is closed.
    void remove(CURL* easy);

private:
    struct FreeMulti {
        void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
    };

    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
    static int on_timer(CURLM*, long timeout_ms, void* self);
    void watch(curl_socket_t socket, int what);
    void act(curl_socket_t socket, int events);

    Loop& loop_;
    Events events_;
    UvHandle<uv_timer_t> timer_;
    std::unordered_map<curl_socket_t, UvHandle<uv_poll_t>> watched_;
    std::unique_ptr<CURLM, FreeMulti> multi_;
};

/// The client that uses the network, over connections that it keeps. At most Network::connections_per_host requests to
/// an origin, and Network::max_connections_total together, run at a time; the others wait, and their time limits begin
/// when they start.
class NetworkClient : public Client {
public:
    NetworkClient(Loop& loop, Network network);
    ~NetworkClient() override;
    NetworkClient(const NetworkClient&) = delete;
    NetworkClient& operator=(const NetworkClient&) = delete;

    Id start(Request request, std::unique_ptr<Sink> sink, Ended ended) override;
    void cancel(Id id) override;
    void resume(Id id) override;

private:
    struct Entry {
        std::unique_ptr<Transfer> transfer;
        Ended ended;
        std::string origin;
        bool started = false;
    };

    void launch(Id id);
    void launch_next();
    void transfer_ended(CURL* easy, CURLcode code);
    void launch_waiting();

    Network network_;
    Id last_id_ = 0;
    std::unordered_map<Id, Entry> transfers_;
    std::unordered_map<CURL*, Id> by_easy_;
    RequestQueue queue_;
    std::vector<std::string> connected_;  // origins; libcurl must not be called from the callback that learns of them
    Multi multi_;
};

}  // namespace uhost::http
