#include "api/process/input_writer.hpp"

#include <memory>

namespace uhost::process {

struct InputWriter::Request {
    uv_write_t request{};
    std::string text;
    Written written;
};

InputWriter::InputWriter(Loop& loop, Descriptor pipe)
    : handle_(loop.make<uv_pipe_t>([](uv_loop_t* raw, uv_pipe_t* made) { return uv_pipe_init(raw, made, 0); })) {
    Loop::check(uv_pipe_open(handle_.get(), pipe.get()), "write to a program");
    pipe.release();
    handle_->data = this;
}

void InputWriter::write(std::string text, Written written) {
    auto request = std::make_unique<Request>();
    request->text = std::move(text);
    request->written = std::move(written);
    request->request.data = request.get();
    const auto buffer = uv_buf_init(request->text.data(), static_cast<unsigned>(request->text.size()));
    const auto done = [](uv_write_t* ended, int status) {
        const std::unique_ptr<Request> self(static_cast<Request*>(ended->data));
        // A cancelled write ends after its writer has gone.
        if (status != UV_ECANCELED) static_cast<InputWriter*>(ended->handle->data)->ended_write();
        if (self->written) self->written(status);
    };
    Loop::check(uv_write(&request->request, reinterpret_cast<uv_stream_t*>(handle_.get()), &buffer, 1, done),
                "write to a program");
    request.release();
    ++pending_;
}

void InputWriter::finish() {
    closing_ = true;
    if (pending_ == 0) close();
}

void InputWriter::ended_write() {
    --pending_;
    if (closing_ && pending_ == 0) close();
}

}  // namespace uhost::process
