#pragma once

#include <set>
#include <string>
#include <string_view>

#include "host/lua/errors.hpp"
#include "host/runtime/host.hpp"
#include "host/secrets/stream_masker.hpp"
#include "host/secrets/vault.hpp"

namespace uhost {

/// Where text leaves the host: every write is masked first, also a secret that two writes have parts of.
class Output {
public:
    /// Null sinks are this process's standard output and error.
    Output(const Vault& vault, const Environment& environment, ColorMode mode, std::shared_ptr<TextSink> output,
           std::shared_ptr<TextSink> error);

    /// Whether standard output (or error) takes colours: asked for, or a terminal with NO_COLOR unset and TERM not dumb.
    bool color_out() const { return color_out_; }
    bool color_error() const { return color_error_; }
    /// Whether it is a terminal that acts on control sequences.
    bool terminal_out() const { return terminal_out_; }
    bool terminal_error() const { return terminal_error_; }

    /// Throws `output.write` when the text cannot be written (a full disk), `output.closed` when its reader has gone.
    void out(std::string_view text) const;
    /// Does not throw: nobody could be shown why.
    void error(std::string_view text) const;
    /// Lines of the host's own with text from outside, which is visible already: in GitHub Actions none is a command.
    /// Does not throw.
    void report(std::string_view lines) const;
    /// What the host itself met, said once: a line that is safe for terminals; an annotation in GitHub Actions. Does not
    /// throw.
    void warning(std::string_view message) const;
    /// Writes out what is buffered; throws as out() does.
    void flush() const { out_->flush(); }
    /// The same, and what was held back because it may be the beginning of a secret: nothing follows.
    void finish() const;

    /// Text that stays at the bottom of the terminal, below what is written above it, until it is replaced or taken away
    /// with "": a progress bar. Lines must be narrower than the terminal. Does nothing unless terminal_error().
    void show_status(std::string text) const;

private:
    const Vault& vault_;
    mutable StreamMasker out_masker_, error_masker_;
    std::shared_ptr<TextSink> out_, error_;
    bool color_out_, color_error_, terminal_out_, terminal_error_, in_actions_;
    mutable std::string status_;
    mutable std::set<std::string, std::less<>> warnings_;
    mutable bool unfinished_ = false;
    mutable bool status_drawn_ = false;  // what is written in between may have left the cursor within a line
    void write_out(std::string_view masked) const;
    void write_error(std::string_view text) const;
    std::string status_erasure() const;
    std::string status_drawing(std::string_view written) const;
};

/// How an uncaught error is shown.
struct ErrorStyle {
    bool color = false;
    bool place = false;       ///< the script's line, for every kind of error; defects of the script show it always
    bool verbose = false;     ///< everything
    bool annotation = false;  ///< the first line as a workflow command of GitHub Actions, at the script's line
};

/// An uncaught error as a person reads it on standard error: what happened, its causes, the remedy, and for defects of
/// the script where it happened and Lua's traceback. Safe for terminals. Masked by the Output it is written to, but for
/// an annotation's message and place, which must be masked before.
std::string render_error(const lua::Raised& raised, ErrorStyle style);

}  // namespace uhost
