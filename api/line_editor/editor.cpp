#include "api/line_editor/editor.hpp"

#include <csignal>
#include <utility>

#include "api/line_editor/typist.hpp"

namespace uhost::line_editor {

LineEditor::LineEditor(Loop& loop, EditorOptions options)
    : loop_(loop), typist_(std::make_unique<Typist>(std::move(options))) {}

LineEditor::~LineEditor() { cancel(); }

void LineEditor::remember(std::string entry) { typist_->remember(std::move(entry)); }

void LineEditor::read(std::string prompt, std::function<void(Event)> on_event) {
    if (reading()) throw Error("line_editor.busy", "this editor is reading a line").hint("read in one task at a time");
    watch_terminal_size();
    on_event_ = std::move(on_event);
    typist_->read(std::move(prompt),
                  [this, number = ++read_number_, alive = std::weak_ptr(alive_)](Event event) {
                      loop_.post([this, number, alive, event = std::move(event)] {
                          if (!alive.expired()) handle(number, event);
                      });
                  });
}

void LineEditor::handle(std::uint64_t read_number, const Event& event) {
    if (!reading() || read_number != read_number_) return;
    if (std::holds_alternative<CompletionRequest>(event)) {
        on_event_(event);
        return;
    }
    resize_signal_.reset();
    std::exchange(on_event_, nullptr)(event);
}

void LineEditor::watch_terminal_size() {
    resize_signal_ = loop_.make<uv_signal_t>(uv_signal_init);
    resize_signal_->data = typist_.get();
    const auto resized = [](uv_signal_t* handle, int) { static_cast<Typist*>(handle->data)->resize(); };
    Loop::check(uv_signal_start(resize_signal_.get(), resized, SIGWINCH), "watch the size of the terminal");
}

void LineEditor::complete(std::string insertion, std::string listing) {
    typist_->complete({std::move(insertion), std::move(listing)});
}

void LineEditor::cancel() {
    on_event_ = nullptr;
    resize_signal_.reset();
    typist_->cancel();
}

}  // namespace uhost::line_editor
