#pragma once

#include <memory>
#include <string_view>

namespace uhost {

/// Where the text that a host writes goes. Called on the host's thread, with text in which secrets are masked.
class TextSink {
public:
    virtual ~TextSink() = default;
    /// Throws Error `output.write` when the text cannot be written, `output.closed` when its reader has gone.
    virtual void write(std::string_view text) = 0;
    /// Hands on what is buffered; throws as write() does.
    virtual void flush() {}
    /// Whether a person reads it on a terminal, which takes colours and cursor movements.
    virtual bool is_terminal() const { return false; }
};

/// This process's own: standard output buffered by C's stdio, so that it keeps its order with what others write there, and
/// standard error with one write for each text.
std::shared_ptr<TextSink> standard_output();
std::shared_ptr<TextSink> standard_error();

}  // namespace uhost
