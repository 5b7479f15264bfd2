#pragma once

#include <functional>
#include <string>

#include "api/process/descriptors.hpp"
#include "host/task/loop.hpp"

namespace uhost::process {

/// Writes to the standard input of a program. Loop thread only; keep its address stable.
class InputWriter {
public:
    /// Called with 0 when the text is written, or with libuv's error: UV_EPIPE when the program no longer reads.
    using Written = std::function<void(int error)>;

    InputWriter(Loop& loop, Descriptor pipe);
    InputWriter(const InputWriter&) = delete;
    InputWriter& operator=(const InputWriter&) = delete;

    bool closed() const { return closing_ || handle_ == nullptr; }
    void write(std::string text, Written written);
    /// Closes when what was given is written.
    void finish();
    /// Closes at once; what is not written is dropped.
    void close() { handle_.reset(); }

private:
    struct Request;
    void ended_write();

    std::size_t pending_ = 0;
    bool closing_ = false;
    UvHandle<uv_pipe_t> handle_;
};

}  // namespace uhost::process
