#pragma once

#include <exception>
#include <functional>
#include <string>

#include "host/core/descriptor.hpp"
#include "host/task/loop.hpp"

namespace uhost::process {

/// What is done with what a program writes to one of its outputs.
enum class OutputMode {
    capture,  ///< held until it is read
    pass,     ///< handed to a sink, line by line
    tee,      ///< both
    discard,  ///< goes to /dev/null
    file,     ///< the program writes to a file by itself
};

struct OutputOptions {
    using Sink = std::function<void(std::string_view lines)>;

    OutputMode mode = OutputMode::capture;
    /// How many captured bytes may wait to be read. Then the program has to wait too, or, with `tail`, the oldest bytes
    /// are dropped.
    std::size_t max_held_bytes = 0;
    bool tail = false;
    Sink sink;         ///< of `pass` and `tee`; gets whole lines, but for the last and those above 64 KiB
    std::string file;  ///< of `file`; created, and emptied unless `append`
    bool append = false;
};

/// Reads one output of a program as it comes. Loop thread only; keep its address stable.
class OutputReader {
public:
    /// Reads from `pipe`; without one there is nothing to read. `changed` is called when bytes have come and when the
    /// output has ended.
    OutputReader(Loop& loop, Descriptor pipe, OutputOptions options, std::function<void()> changed);
    OutputReader(const OutputReader&) = delete;
    OutputReader& operator=(const OutputReader&) = delete;

    /// Changes how many bytes may wait, and reads on if that leaves room.
    void allow(std::size_t bytes);
    std::size_t allowed() const { return options_.max_held_bytes; }
    bool full() const { return captures() && !options_.tail && held().size() >= options_.max_held_bytes; }
    /// Whether nothing more will come: the program and all that inherited its output have closed it.
    bool ended() const { return handle_ == nullptr; }

    std::string_view held() const { return std::string_view(held_).substr(taken_); }
    /// Removes the first bytes of what is held, and returns them.
    std::string take(std::size_t bytes);
    std::string take_all() { return take(held_.size() - taken_); }

    /// Why `sink` could not take what was handed to it; null when it could. Reading has stopped then.
    const std::exception_ptr& failure() const { return failure_; }

    /// Stops reading; what has come is still there.
    void close();

private:
    bool captures() const { return options_.mode == OutputMode::capture || options_.mode == OutputMode::tee; }
    bool passes() const { return options_.mode == OutputMode::pass || options_.mode == OutputMode::tee; }
    void resume();
    void read();
    void received(std::string_view bytes);
    void end();
    void drop_old(std::size_t limit);
    void pass_on(bool last);

    Loop& loop_;
    Descriptor pipe_;
    OutputOptions options_;
    std::function<void()> changed_;
    std::string held_;
    std::size_t taken_ = 0;  // bytes at the start of held_ that are gone: to move the rest for each line is quadratic
    std::string unpassed_;   // the beginning of a line
    std::string chunk_;      // what one read gives
    bool reading_ = false;
    std::exception_ptr failure_;
    UvHandle<uv_poll_t> handle_;  // before pipe_ is closed
};

/// Writes to the standard input of a program. Loop thread only; keep its address stable.
class InputWriter {
public:
    /// Called with 0 when the text is written, or with libuv's error: UV_EPIPE when the program no longer reads.
    using Written = std::function<void(int error)>;

    /// On a terminal, the end of the input is sent as its end-of-file character.
    InputWriter(Loop& loop, Descriptor pipe, bool is_terminal);
    InputWriter(const InputWriter&) = delete;
    InputWriter& operator=(const InputWriter&) = delete;

    bool closed() const { return closing_ || handle_ == nullptr; }
    void write(std::string text, Written written);
    /// Closes when everything is written.
    void finish();
    /// Closes at once; what is not written is dropped.
    void close() { handle_.reset(); }

private:
    struct Request;
    void ended_write();

    Loop& loop_;
    bool is_terminal_;
    char last_ = '\n';  // byte that was written
    std::size_t pending_ = 0;
    bool closing_ = false;
    UvHandle<uv_pipe_t> handle_;
};

constexpr unsigned short max_terminal_cells = 10'000;  // of a line, and lines

struct TerminalSize {
    unsigned short columns = 80, rows = 24;
};

/// A pseudo-terminal for a program: no echo, and lines of output end with a newline alone, as on a pipe.
///
/// It must not become the controlling terminal of the program: when that ends, Linux hangs up its terminal and drops
/// output that was not read yet.
struct Terminal {
    Descriptor host, program;  ///< the two ends
};

/// Throws `process.start` when the system has none left.
Terminal open_terminal(const TerminalSize& size);
bool set_size(const Descriptor& terminal, const TerminalSize& size);

}  // namespace uhost::process
