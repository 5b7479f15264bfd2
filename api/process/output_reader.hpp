#pragma once

#include <exception>
#include <functional>
#include <string>

#include "api/process/descriptors.hpp"
#include "host/task/loop.hpp"

namespace uhost::process {

/// What is done with what a program writes to one of its outputs.
enum class OutputMode {
    keep,       ///< held until it is read; when `allowed` bytes wait, the program has to wait
    keep_tail,  ///< the last `allowed` bytes are held, what came before is dropped; the program never waits
    pass,       ///< handed on, line by line
    discard,    ///< goes to /dev/null
};

/// Reads one output of a program as it comes. Loop thread only; keep its address stable.
class OutputReader {
public:
    using Sink = std::function<void(std::string_view lines)>;

    /// `allowed` is how many bytes may wait to be read; `sink` gets the lines of mode `pass`, ended by a newline but
    /// for the last and those above 64 KiB; `changed` is called when bytes have come and when the output has ended.
    OutputReader(Loop& loop, Descriptor pipe, OutputMode mode, std::size_t allowed, Sink sink,
                 std::function<void()> changed);
    OutputReader(const OutputReader&) = delete;
    OutputReader& operator=(const OutputReader&) = delete;

    /// Changes how many bytes may wait, and reads on if that leaves room.
    void allow(std::size_t bytes);
    std::size_t allowed() const { return allowed_; }
    bool full() const { return mode_ == OutputMode::keep && held().size() >= allowed_; }
    /// Whether nothing more will come: the program and all that inherited its output have closed it.
    bool ended() const { return handle_ == nullptr; }

    std::string_view held() const { return std::string_view(held_).substr(taken_); }
    /// Takes away the first bytes of what is held.
    std::string take(std::size_t bytes);
    std::string take_all() { return take(held_.size() - taken_); }

    /// Why `sink` could not take what was handed to it; nothing when it could. Reading has stopped then.
    const std::exception_ptr& failure() const { return failure_; }

    /// Stops reading; what has come is still there.
    void close() { handle_.reset(); }

private:
    void resume();
    void received(std::string_view bytes);
    void end();
    void pass_on(bool last);

    OutputMode mode_;
    std::size_t allowed_;
    Sink sink_;
    std::function<void()> changed_;
    std::string held_;
    std::size_t taken_ =
        0;               // bytes at the start of held_ that are gone: moving the rest for every line would be quadratic
    std::string chunk_;  // libuv reads into this
    bool reading_ = false;
    std::exception_ptr failure_;
    UvHandle<uv_pipe_t> handle_;
};

}  // namespace uhost::process
