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
    using Ended = std::function<void(CURL*, CURLcode)>;

    /// `ended` is called for each transfer that libcurl has ended, from the loop; it may add and remove transfers.
    Multi(Loop& loop, Ended ended);
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
    Ended ended_;
    UvHandle<uv_timer_t> timer_;
    std::unordered_map<curl_socket_t, UvHandle<uv_poll_t>> watched_;
    std::unique_ptr<CURLM, FreeMulti> multi_;
};

}  // namespace uhost::http
