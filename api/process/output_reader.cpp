#include "api/process/output_reader.hpp"

#include <algorithm>

namespace uhost::process {
namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;

UvHandle<uv_pipe_t> open_pipe(Loop& loop, Descriptor& pipe) {
    auto handle = loop.make<uv_pipe_t>([](uv_loop_t* raw, uv_pipe_t* made) { return uv_pipe_init(raw, made, 0); });
    Loop::check(uv_pipe_open(handle.get(), pipe.get()), "read from a program");
    pipe.release();
    return handle;
}

}  // namespace

OutputReader::OutputReader(Loop& loop, Descriptor pipe, OutputMode mode, std::size_t allowed, Sink sink,
                           std::function<void()> changed)
    : mode_(mode), allowed_(allowed), sink_(std::move(sink)), changed_(std::move(changed)) {
    if (pipe.get() < 0) return;  // discarded: there is nothing to read
    chunk_.resize(chunk_bytes);
    handle_ = open_pipe(loop, pipe);
    handle_->data = this;
    resume();
}

void OutputReader::allow(std::size_t bytes) {
    allowed_ = bytes;
    resume();
}

void OutputReader::resume() {
    if (reading_ || ended() || full()) return;
    const auto allocate = [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        auto& chunk = static_cast<OutputReader*>(handle->data)->chunk_;
        *buffer = uv_buf_init(chunk.data(), static_cast<unsigned>(chunk.size()));
    };
    const auto read = [](uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
        auto& self = *static_cast<OutputReader*>(stream->data);
        if (count > 0) self.received({buffer->base, static_cast<std::size_t>(count)});
        if (count < 0) self.end();  // the end, or an error that leaves as little to read
    };
    Loop::check(uv_read_start(reinterpret_cast<uv_stream_t*>(handle_.get()), allocate, read), "read from a program");
    reading_ = true;
}

void OutputReader::received(std::string_view bytes) {
    held_.append(bytes);
    if (mode_ == OutputMode::pass) pass_on(false);
    if (mode_ == OutputMode::keep_tail && held_.size() > 2 * allowed_) held_.erase(0, held_.size() - allowed_);
    if (!ended() && full()) {
        uv_read_stop(reinterpret_cast<uv_stream_t*>(handle_.get()));
        reading_ = false;
    }
    changed_();
}

void OutputReader::end() {
    if (mode_ == OutputMode::pass) pass_on(true);
    if (mode_ == OutputMode::keep_tail && held_.size() > allowed_) held_.erase(0, held_.size() - allowed_);
    handle_.reset();
    changed_();
}

void OutputReader::pass_on(bool last) {
    const auto newline = held_.rfind('\n');
    const bool whole = last || held_.size() >= chunk_bytes;
    const auto count = whole ? held_.size() : newline == std::string::npos ? 0 : newline + 1;
    if (count == 0) return;
    try {
        sink_(std::string_view(held_).substr(0, count));
    } catch (const std::exception&) {
        failure_ = std::current_exception();  // not to unwind the event loop
        handle_.reset();
    }
    held_.erase(0, count);
}

std::string OutputReader::take(std::size_t bytes) {
    std::string taken = held_.substr(taken_, bytes);
    taken_ += taken.size();
    if (taken_ >= std::max(chunk_bytes, held_.size() / 2) || taken_ == held_.size()) {
        held_.erase(0, taken_);
        taken_ = 0;
    }
    resume();
    return taken;
}

}  // namespace uhost::process
