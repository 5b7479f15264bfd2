#include "host/runtime/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "host/core/visible.hpp"

namespace uhost {
namespace {

bool takes_control_sequences(int descriptor) {
    const char* terminal = std::getenv("TERM");
    return isatty(descriptor) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

bool takes_color(int descriptor, ColorMode mode) {
    if (mode != ColorMode::automatic) return mode == ColorMode::always;
    const char* no_color = std::getenv("NO_COLOR");  // https://no-color.org
    if (no_color != nullptr && *no_color != '\0') return false;
    return takes_control_sequences(descriptor);
}

// Mistakes in the script itself are found by their place; a failed network is not.
bool is_defect(const Error& error) {
    const auto& kind = error.kind();
    return kind == "lua" || kind == "argument" || kind == "closed" || kind == "internal" ||
           kind == "task.cannot_wait" || kind == "task.deadlock";
}

// Clears the stream's error, so that one failure is reported once.
Error write_error() {
    const int code = errno != 0 ? errno : EIO;
    std::clearerr(stdout);
    return system_error(code == EPIPE ? "output.closed" : "output.write", "cannot write to standard output", code);
}

// One write for each text: standard error is not buffered, and others may write to the terminal as well.
void write_error_text(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

std::string indented(std::string_view text) {
    std::string result = "  ";
    for (const char c : text) {
        result += c;
        if (c == '\n') result += "  ";
    }
    return result;
}

// As GitHub documents it for workflow commands.
std::string escaped(std::string_view text, std::string_view special) {
    std::string result;
    for (const char c : text) {
        if (special.find(c) == std::string_view::npos) {
            result += c;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned>(c));
        }
    }
    return result;
}

// `where` is "file:line", or empty.
std::string annotation(const std::string& where, std::string_view message) {
    constexpr std::string_view in_text = "%\r\n", in_property = "%\r\n:,";
    std::string place;
    if (const auto colon = where.rfind(':'); colon != std::string::npos) {
        place = fmt::format(" file={},line={}", escaped(visible(where.substr(0, colon)), in_property),
                            escaped(where.substr(colon + 1), in_property));
    }
    return fmt::format("::error{}::{}\n", place, escaped(message, in_text));
}

}  // namespace

Output::Output(const Vault& vault, ColorMode mode)
    : vault_(vault),
      color_out_(takes_color(STDOUT_FILENO, mode)),
      color_error_(takes_color(STDERR_FILENO, mode)),
      terminal_out_(takes_control_sequences(STDOUT_FILENO)),
      terminal_error_(takes_control_sequences(STDERR_FILENO)) {}

void Output::out(std::string_view text) const {
    const auto masked = vault_.mask(text);
    const bool around_status = !status_.empty() && terminal_out_ && !text.empty();
    if (around_status) write_error_text(status_erasure());
    errno = 0;
    if (std::fwrite(masked.data(), 1, masked.size(), stdout) != masked.size()) throw write_error();
    if (!around_status) return;
    std::fflush(stdout);
    write_error_text(status_drawing(masked));
}

void Output::error(std::string_view text) const {
    if (text.empty()) return;
    auto whole = status_erasure();
    const auto masked = vault_.mask(text);
    whole += masked;
    whole += status_drawing(masked);
    write_error_text(whole);
}

void Output::show_status(std::string text) const {
    if (!terminal_error_) return;
    auto whole = status_erasure();
    status_ = vault_.mask(text);
    whole += status_drawing("\n");
    write_error_text(whole);
}

// What takes the status off the screen, with the cursor where it began.
std::string Output::status_erasure() const {
    if (!std::exchange(status_drawn_, false)) return {};
    std::string text = "\r\x1b[K";
    for (auto lines = std::ranges::count(status_, '\n'); lines > 0; --lines) text += "\x1b[1A\x1b[K";
    return text;
}

// What draws it after `written`: nothing while the cursor is within a line.
std::string Output::status_drawing(std::string_view written) const {
    if (status_.empty() || !written.ends_with('\n')) return {};
    status_drawn_ = true;
    return status_;
}

void Output::flush() const {
    errno = 0;
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw write_error();
}

std::string render_error(const bind::Raised& raised, ErrorStyle style) {
    const auto& error = raised.error;
    const bool defect = is_defect(error);
    const bool place = defect || style.place || style.verbose || error.kind() == "script";
    const auto message = (place && !raised.where.empty() ? visible(raised.where) + ": " : "") + visible(error.message());
    std::string text;
    for (const auto& [name, value] : error.details()) {
        const auto* lines = std::get_if<std::string>(&value);
        if (name == "excerpt" && lines != nullptr) text += visible(*lines) + "\n";
        const auto* cause = std::get_if<std::shared_ptr<const Error>>(&value);
        if (name == "cause" && cause != nullptr) text += "  cause: " + visible((*cause)->message()) + "\n";
    }
    if (!error.hint().empty()) text += (style.color ? "  \x1b[36mhint:\x1b[0m " : "  hint: ") + visible(error.hint()) + "\n";
    if (style.verbose && !error.native().empty()) text += "  cause: " + visible(error.native()) + "\n";
    if (style.verbose) text += "  kind: " + error.kind() + "\n";
    if ((defect || style.verbose) && !raised.traceback.empty()) text += indented(visible(raised.traceback)) + "\n";
    if (style.annotation) return annotation(raised.where, message) + without_workflow_commands(text);
    return (style.color ? "\x1b[1;31merror:\x1b[0m " : "error: ") + message + "\n" + text;
}

}  // namespace uhost
