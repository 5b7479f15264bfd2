#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <unordered_map>

#include "host/task/loop.hpp"

namespace uhost::http {

/// A libcurl multi handle that the loop drives: libcurl says which sockets to watch and when it wants to be called, and
/// is told what happened. See https://curl.se/libcurl/c/libcurl-multi.html, "multi_socket". Loop thread only.
class Multi {
public:
    /// Called from the loop; they may add and remove transfers.
    struct Events {
        std::function<void(CURL*, CURLcode)> ended;  ///< for each transfer that libcurl has ended
        std::function<void()> acted;                 ///< whenever libcurl has done something
    };

    /// At most `most_connections` are kept open for later requests.
    Multi(Loop& loop, int most_connections, Events events);
    ~Multi();
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;

    void add(CURL* easy);
    /// Ends a transfer that is on its way; a connection that cannot be used again is closed.
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

}  // namespace uhost::http
