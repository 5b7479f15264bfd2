#include "api/process/streams.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

namespace uhost::process {
namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;
constexpr char end_of_file = '\x04';  // VEOF of a new terminal

}  // namespace

// libuv's own streams take a hang-up for the end after a short read, which would lose output of a terminal.
OutputReader::OutputReader(Loop& loop, Descriptor pipe, OutputOptions options, std::function<void()> changed)
    : loop_(loop), pipe_(std::move(pipe)), options_(std::move(options)), changed_(std::move(changed)) {
    if (!pipe_) return;
    chunk_.resize(chunk_bytes);
    auto handle = std::make_unique<uv_poll_t>();
    Loop::check(uv_poll_init(loop.raw(), handle.get(), pipe_.get()), "read from a program");  // makes it non-blocking
    handle_.reset(handle.release());
    handle_->data = this;
    resume();
}

void OutputReader::allow(std::size_t bytes) {
    options_.max_held_bytes = bytes;
    resume();
}

void OutputReader::resume() {
    if (reading_ || ended() || full()) return;
    const auto readable = [](uv_poll_t* handle, int, int) {
        auto& self = *static_cast<OutputReader*>(handle->data);
        self.loop_.guarded([&self] { self.read(); });
    };
    Loop::check(uv_poll_start(handle_.get(), UV_READABLE, readable), "read from a program");
    reading_ = true;
}

void OutputReader::read() {
    constexpr int max_reads = 16;  // then others get their turn
    for (int i = 0; i < max_reads && !ended() && !full(); ++i) {
        const auto count = ::read(pipe_.get(), chunk_.data(), chunk_.size());
        if (count > 0) {
            received(std::string_view(chunk_).substr(0, static_cast<std::size_t>(count)));
        } else if (count < 0 && errno == EAGAIN) {
            return;
        } else if (count == 0 || errno != EINTR) {
            return end();  // a terminal that its programs have closed gives EIO
        }
    }
}

void OutputReader::close() {
    handle_.reset();
    pipe_.close();
}

void OutputReader::received(std::string_view bytes) {
    if (captures()) held_.append(bytes);
    if (options_.tail) drop_old(2 * options_.max_held_bytes);
    if (passes()) {
        unpassed_.append(bytes);
        pass_on(false);
    }
    if (!ended() && full()) {
        uv_poll_stop(handle_.get());
        reading_ = false;
    }
    changed_();
}

void OutputReader::end() {
    if (passes()) pass_on(true);
    if (options_.tail) drop_old(options_.max_held_bytes);
    close();
    changed_();
}

void OutputReader::drop_old(std::size_t limit) {
    if (held_.size() > limit) held_.erase(0, held_.size() - options_.max_held_bytes);
}

void OutputReader::pass_on(bool last) {
    const auto newline = unpassed_.rfind('\n');
    const bool whole = last || unpassed_.size() >= chunk_bytes;
    const auto count = whole ? unpassed_.size() : newline == std::string::npos ? 0 : newline + 1;
    if (count == 0) return;
    try {
        options_.sink(std::string_view(unpassed_).substr(0, count));
    } catch (const std::exception&) {
        failure_ = std::current_exception();  // for whoever waits for the program
        close();
    }
    unpassed_.erase(0, count);
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

struct InputWriter::Request {
    uv_write_t request{};
    Loop* loop = nullptr;
    std::string text;
    Written written;
};

InputWriter::InputWriter(Loop& loop, Descriptor pipe, bool is_terminal)
    : loop_(loop),
      is_terminal_(is_terminal),
      handle_(loop.make<uv_pipe_t>([](uv_loop_t* raw, uv_pipe_t* made) { return uv_pipe_init(raw, made, 0); })) {
    Loop::check(uv_pipe_open(handle_.get(), pipe.get()), "write to a program");
    pipe.release();
    handle_->data = this;
}

void InputWriter::write(std::string text, Written written) {
    if (!text.empty()) last_ = text.back();
    auto request = std::make_unique<Request>();
    request->loop = &loop_;
    request->text = std::move(text);
    request->written = std::move(written);
    request->request.data = request.get();
    const auto buffer = uv_buf_init(request->text.data(), static_cast<unsigned>(request->text.size()));
    const auto done = [](uv_write_t* ended, int status) {
        const std::unique_ptr<Request> self(static_cast<Request*>(ended->data));
        self->loop->guarded([&] {
            // A cancelled write ends after its writer has gone.
            if (status != UV_ECANCELED) static_cast<InputWriter*>(ended->handle->data)->ended_write();
            if (self->written) self->written(status);
        });
    };
    Loop::check(uv_write(&request->request, reinterpret_cast<uv_stream_t*>(handle_.get()), &buffer, 1, done),
                "write to a program");
    request.release();
    ++pending_;
}

void InputWriter::finish() {
    if (closed()) return;
    // Behind a line that has not ended, the first end-of-file character only hands over what there is of it.
    if (is_terminal_) write(std::string(last_ == '\n' ? 1 : 2, end_of_file), nullptr);
    closing_ = true;
    if (pending_ == 0) close();
}

void InputWriter::ended_write() {
    --pending_;
    if (closing_ && pending_ == 0) close();
}

Terminal open_terminal(const TerminalSize& size) {
    const auto check = [](bool done) {
        if (!done) throw system_error("process.start", "cannot open a pseudo-terminal", errno);
    };
    Terminal terminal;
    terminal.host = Descriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    const int host = terminal.host.get();
    check(host >= 0 && ::grantpt(host) == 0 && ::unlockpt(host) == 0);
    std::array<char, 64> path{};
    check(::ptsname_r(host, path.data(), path.size()) == 0);
    terminal.program = Descriptor(::open(path.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    const int program = terminal.program.get();
    check(program >= 0);
    termios modes{};
    check(::tcgetattr(program, &modes) == 0);
    modes.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOCTL);
    modes.c_oflag &= ~static_cast<tcflag_t>(ONLCR);
    check(::tcsetattr(program, TCSANOW, &modes) == 0);
    check(set_size(terminal.program, size));
    return terminal;
}

bool set_size(const Descriptor& terminal, const TerminalSize& size) {
    const winsize window{size.rows, size.columns, 0, 0};
    return ::ioctl(terminal.get(), TIOCSWINSZ, &window) == 0;
}

}  // namespace uhost::process
