#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "host/task/loop.hpp"

namespace uhost::line_editor {

/// What a read comes to.
struct Line {
    std::string text;  ///< without the newline at its end; pasted text may hold some
};
struct EndOfInput {};
/// The Tab key. The read continues once LineEditor::complete() has answered.
struct CompletionRequest {
    std::string text;
    std::size_t cursor = 0;  ///< in bytes
};
using Failure = std::exception_ptr;
using Event = std::variant<Line, EndOfInput, CompletionRequest, Failure>;

struct EditorOptions {
    /// TERM of a terminal on which libedit edits. Empty, or "dumb": lines are read as they come.
    std::string terminal;
    bool shows_prompt = false;
};

class Typist;

/// Reads lines from standard input while the loop runs on. On a terminal libedit edits them: with history, Emacs or vi
/// keys, the user's ~/.editrc, UTF-8 and bracketed paste.
///
/// All members belong to the loop's thread. Only one editor at a time may read standard input.
class LineEditor {
public:
    LineEditor(Loop& loop, EditorOptions options);
    ~LineEditor();
    LineEditor(const LineEditor&) = delete;
    LineEditor& operator=(const LineEditor&) = delete;

    /// Adds an entry to those that the arrow keys bring back.
    void remember(std::string entry);

    /// Reads a line. `on_event` is called on the loop's thread: for each completion request, then once for the outcome.
    /// The prompt may hold colours. Throws `line_editor.busy` during another read.
    void read(std::string prompt, std::function<void(Event)> on_event);

    /// Answers a completion request: inserts text at the cursor, and shows `listing` below the line unless it is empty.
    void complete(std::string insertion, std::string listing);

    /// Ends the read, if there is one: the terminal is as it was before, and `on_event` is not called any more.
    void cancel();
    bool reading() const { return on_event_ != nullptr; }

private:
    void handle(std::uint64_t read_number, const Event& event);
    void watch_terminal_size();

    Loop& loop_;
    std::function<void(Event)> on_event_;
    std::uint64_t read_number_ = 0;
    UvHandle<uv_signal_t> resize_signal_;  // during a read; it also keeps the loop waiting
    std::unique_ptr<Typist> typist_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for what is posted to the loop
};

}  // namespace uhost::line_editor
