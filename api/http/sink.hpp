#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/message.hpp"
#include "host/core/error.hpp"
#include "host/core/file.hpp"

namespace uhost::http {

/// Where a response's body goes. Called on the loop's thread, in order: begin, write…, then finish if all went well;
/// each may throw, which ends the transfer with that error.
class Sink {
public:
    enum class Accepted {
        all,
        nothing,  ///< not now: the same bytes are offered again after Client::resume
    };

    virtual ~Sink() = default;
    /// The headers of the final response are in; its body is still empty.
    virtual void begin(const Response&) {}
    virtual Accepted write(std::string_view bytes) = 0;
    virtual void finish(Response&) {}
};

/// Keeps the body in memory, and gives it to the response.
class MemorySink : public Sink {
public:
    Accepted write(std::string_view bytes) override {
        body_.append(bytes);
        return Accepted::all;
    }
    void finish(Response& response) override { response.body = std::move(body_); }

private:
    std::string body_;
};

/// Writes the body of a successful response (2xx) to a file, which appears whole or not at all: the bytes go to a file
/// beside it that is renamed at the end and removed on failure. The body of any other response stays in memory, up to
/// 64 KiB, and the file is left alone. Throws `http.file`.
class FileSink : public Sink {
public:
    explicit FileSink(std::filesystem::path file) : file_(std::move(file)) {}

    void begin(const Response& response) override;
    Accepted write(std::string_view bytes) override;
    void finish(Response& response) override;

private:
    std::filesystem::path file_;
    std::optional<AtomicFile> download_;
    std::string refusal_;  // the body of an unsuccessful response
};

/// Connects a transfer that writes a body with a task that reads it. It buffers at most 256 KiB; beyond that the
/// transfer is paused, and the server with it, until the task has read. Loop thread only.
class Channel {
public:
    /// Called once, at the next event: the head, bytes, the end, a failure.
    void when_changed(std::function<void()> notify) { notify_ = std::move(notify); }
    void forget_notify() { notify_ = nullptr; }
    bool is_watched() const { return notify_ != nullptr; }

    const std::optional<Response>& head() const { return head_; }
    const std::optional<Error>& failure() const { return failure_; }
    bool ended() const { return ended_; }
    bool has_bytes() const { return !chunks_.empty(); }
    /// The oldest buffered bytes; there must be some.
    std::string take();
    /// Whether the transfer was paused and there is room again. The caller must then resume it: the next call returns
    /// false.
    bool take_resumable();

    void begin(const Response& head);
    bool put(std::string_view bytes);
    void end(std::optional<Error> failure);

private:
    void changed();

    static constexpr std::size_t max_waiting_bytes = 256 * 1024;
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
    Accepted write(std::string_view bytes) override { return channel_->put(bytes) ? Accepted::all : Accepted::nothing; }

private:
    std::shared_ptr<Channel> channel_;
};

}  // namespace uhost::http
