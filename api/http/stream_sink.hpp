#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/http/sink.hpp"
#include "host/core/error.hpp"

namespace uhost::http {

/// The meeting place of a transfer that writes a body and a task that reads it. At most 256 KiB wait between them: then
/// the transfer is paused, and the server with it, until the task has read. Loop thread only.
class Channel {
public:
    /// Called, once, when there is something new to look at: the head, bytes, the end, a failure.
    void when_changed(std::function<void()> notify) { notify_ = std::move(notify); }
    void forget_notify() { notify_ = nullptr; }
    bool is_watched() const { return notify_ != nullptr; }

    const std::optional<Response>& head() const { return head_; }
    const std::optional<Error>& failure() const { return failure_; }
    bool ended() const { return ended_; }
    bool has_bytes() const { return !chunks_.empty(); }
    /// The oldest bytes waiting; there must be some.
    std::string take();
    /// Whether the transfer was paused and there is room again; then it is the caller's to resume it, and this is
    /// reset.
    bool take_resumable();

    void begin(const Response& head);
    bool put(std::string_view bytes);
    void end(std::optional<Error> failure);

private:
    void changed();

    static constexpr std::size_t most_waiting = 256 * 1024;
    std::optional<Response> head_;
    std::optional<Error> failure_;
    std::deque<std::string> chunks_;
    std::size_t waiting_ = 0;
    bool paused_ = false, ended_ = false;
    std::function<void()> notify_;
};

/// Hands the body to a Channel.
class StreamSink : public Sink {
public:
    explicit StreamSink(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}
    void begin(const Response& response) override { channel_->begin(response); }
    Took write(std::string_view bytes) override { return channel_->put(bytes) ? Took::all : Took::nothing; }

private:
    std::shared_ptr<Channel> channel_;
};

}  // namespace uhost::http
