#include "host/runtime/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/core/visible.hpp"

namespace uhost {
namespace {

bool takes_control_sequences(const TextSink& sink, const Environment& environment) {
    const auto terminal = environment.text("TERM");
    return sink.is_terminal() && !terminal.empty() && terminal != "dumb";
}

bool takes_color(const TextSink& sink, ColorMode mode, const Environment& environment) {
    if (mode != ColorMode::automatic) return mode == ColorMode::always;
    if (!environment.text("NO_COLOR").empty()) return false;  // https://no-color.org
    return takes_control_sequences(sink, environment);
}

// Mistakes in the script itself are found by their place; a failed network is not.
bool is_defect(const Error& error) {
    const auto& kind = error.kind();
    return kind == "lua" || kind == "argument" || kind == "closed" || kind == "internal" ||
           kind == "task.cannot_wait" || kind == "task.deadlock";
}

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

constexpr std::string_view special_in_text = "%\r\n", special_in_property = "%\r\n:,";

// `where` is "file:line", or empty.
std::string annotation(const std::string& where, std::string_view message) {
    std::string place;
    if (const auto colon = where.rfind(':'); colon != std::string::npos) {
        place = fmt::format(" file={},line={}", escaped(visible(where.substr(0, colon)), special_in_property),
                            escaped(where.substr(colon + 1), special_in_property));
    }
    return fmt::format("::error{}::{}\n", place, escaped(message, special_in_text));
}

}  // namespace

Output::Output(const Vault& vault, const Environment& environment, ColorMode mode, std::shared_ptr<TextSink> output,
               std::shared_ptr<TextSink> error)
    : vault_(vault),
      out_masker_(vault),
      error_masker_(vault),
      out_(output ? std::move(output) : standard_output()),
      error_(error ? std::move(error) : standard_error()),
      color_out_(takes_color(*out_, mode, environment)),
      color_error_(takes_color(*error_, mode, environment)),
      terminal_out_(takes_control_sequences(*out_, environment)),
      terminal_error_(takes_control_sequences(*error_, environment)),
      in_actions_(in_github_actions(environment)) {}

void Output::out(std::string_view text) const {
    unfinished_ = true;
    write_out(out_masker_.pass(text));
}

void Output::write_out(std::string_view masked) const {
    const bool around_status = !status_.empty() && terminal_out_ && !masked.empty();
    if (around_status) write_error(status_erasure());
    out_->write(masked);
    if (!around_status) return;
    out_->flush();
    write_error(status_drawing(masked));
}

void Output::error(std::string_view text) const {
    if (text.empty()) return;
    unfinished_ = true;
    auto whole = status_erasure();
    const auto masked = error_masker_.pass(text);
    whole += masked;
    whole += status_drawing(masked);
    write_error(whole);
}

void Output::finish() const {
    if (!std::exchange(unfinished_, false)) return;
    write_error(error_masker_.finish());
    write_out(out_masker_.finish());
    out_->flush();
}

void Output::report(std::string_view lines) const {
    error(in_actions_ ? without_workflow_commands(lines) : std::string(lines));
}

void Output::warning(std::string_view message) const {
    if (!warnings_.emplace(message).second) return;
    const auto shown = visible(vault_.mask(message));
    error(in_actions_ ? fmt::format("::warning::{}\n", escaped(shown, special_in_text)) : "warning: " + shown + "\n");
}

void Output::show_status(std::string text) const {
    if (!terminal_error_) return;
    auto whole = status_erasure();
    status_ = vault_.mask(text);
    whole += status_drawing("\n");
    write_error(whole);
}

void Output::write_error(std::string_view text) const {
    try {
        error_->write(text);
    } catch (const std::exception&) {
    }
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

std::string render_error(const lua::Raised& raised, ErrorStyle style) {
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
