#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/server/message.hpp"

struct MHD_Connection;

namespace uhost::server {

class Listener;

/// A request and its answer, which is a whole response or a stream. Shared by the listener and whoever answers. Belongs
/// to the loop's thread.
class Exchange : public std::enable_shared_from_this<Exchange> {
public:
    Exchange(Listener& listener, MHD_Connection* connection) : listener_(&listener), connection_(connection) {}
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    const Request& request() const { return request_; }

    /// Answers. Throws `server.answered` the second time, and `server.header` for what no header may hold. Nothing
    /// happens when the client is gone.
    void respond(ResponseHead head, std::string body);

    /// Begins an answer that is sent as it is written. Throws as respond() does.
    void begin_stream(ResponseHead head);
    /// Adds to the stream. Throws `server.gone` when the client has left, `server.closed` after end_stream().
    void write(std::string_view text);
    void end_stream();

    bool answered() const { return head_.has_value(); }
    /// Whether the client has left, or the listener was closed.
    bool gone() const { return connection_ == nullptr; }
    /// Whether so little waits to be sent that more should be written; also when the client is gone.
    bool writable() const;
    /// Calls `action` once, when writable() or gone() becomes true; empty to call nobody.
    void when_writable(std::function<void()> action) { when_writable_ = std::move(action); }
    bool writing_awaited() const { return static_cast<bool>(when_writable_); }
    /// Calls `action` once, when gone() becomes true.
    void when_gone(std::function<void()> action) { when_gone_ = std::move(action); }
    bool leaving_awaited() const { return static_cast<bool>(when_gone_); }

private:
    friend class Listener;

    void answer(ResponseHead head);
    void resume();
    void leave();
    std::size_t unsent_bytes() const { return outgoing_.size() - sent_bytes_; }
    std::size_t take_unsent(char* buffer, std::size_t room);

    Listener* listener_;  // null once it is gone
    MHD_Connection* connection_;
    Request request_;
    std::optional<ResponseHead> head_;
    std::string outgoing_;  // the body, or what waits to be sent of a stream
    std::size_t sent_bytes_ = 0;  // of a stream's `outgoing_`, not yet dropped from it
    bool streams_ = false, ended_ = false, suspended_ = false, complete_ = false;
    bool too_large_ = false, too_much_ = false;  // what is received, so it is dropped
    std::function<void()> when_writable_, when_gone_;
};

}  // namespace uhost::server
