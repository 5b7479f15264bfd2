#pragma once

#include <curl/curl.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "api/http/message.hpp"
#include "api/http/network.hpp"
#include "api/http/sink.hpp"
#include "host/core/error.hpp"

namespace uhost::http {

/// One running request: a libcurl easy handle, what it sends, and where the answer goes. Its address must not change.
class Transfer {
public:
    Transfer(Request request, std::unique_ptr<Sink> sink, const Network& network);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    CURL* easy() const { return easy_.get(); }
    const Request& request() const { return request_; }

    /// `notify` is called when the request has a connection, before it is sent. It must not call libcurl.
    void when_connected(std::function<void()> notify) { connected_ = std::move(notify); }

    /// To be called once, when libcurl has ended the transfer: lets the sink finish, and returns the outcome.
    Outcome finish(CURLcode code);

private:
    struct FreeEasy {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct FreeList {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    template <class Value>
    void set(CURLoption option, Value value);
    bool sends_length() const;
    void set_method();
    void set_headers();
    void set_limits();
    void set_network(const Network& network);

    static int on_connection(void* self, char*, char*, int, int);
    static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
    static int on_seek(void* self, curl_off_t offset, int origin);
    static std::size_t on_header(char* line, std::size_t, std::size_t length, void* self);
    static std::size_t on_body(char* bytes, std::size_t, std::size_t length, void* self);
    void take_header(std::string_view line);
    std::size_t take_body(std::string_view bytes);
    void deliver_head();
    void complete_response();
    /// Runs `body`; an exception, which must not pass through libcurl, is kept for conclude().
    template <class Body>
    std::size_t guarded(std::size_t failed, const Body& body);

    Request request_;
    std::unique_ptr<Sink> sink_;
    Response response_;
    std::optional<Error> failure_;
    std::array<char, CURL_ERROR_SIZE> error_message_{};
    std::unique_ptr<curl_slist, FreeList> headers_;
    std::uint64_t body_read_ = 0;  // of the file that is the body
    std::size_t header_bytes_ = 0;
    bool header_ended_ = false, head_delivered_ = false, sent_ = false;
    std::function<void()> connected_;
    std::unique_ptr<CURL, FreeEasy> easy_;  // last: goes first, while what it points to is still there
};

}  // namespace uhost::http
