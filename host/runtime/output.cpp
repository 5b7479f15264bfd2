#include "host/runtime/output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace uhost {
namespace {

bool takes_color(int descriptor, ColorMode mode) {
    if (mode != ColorMode::automatic) return mode == ColorMode::always;
    const char* no_color = std::getenv("NO_COLOR");  // https://no-color.org
    const char* terminal = std::getenv("TERM");
    if (no_color != nullptr && *no_color != '\0') return false;
    return isatty(descriptor) && terminal != nullptr && std::string_view(terminal) != "dumb";
}

// Mistakes in the script itself are found by their place; a failed network is not.
bool is_defect(const Error& error) {
    const auto& kind = error.kind();
    return kind == "lua" || kind == "argument" || kind == "closed" || kind == "internal" || kind == "task.cannot_wait" ||
           kind == "task.deadlock";
}

// Clears the stream's error, so that one failure is reported once.
Error write_error() {
    const int code = errno != 0 ? errno : EIO;
    std::clearerr(stdout);
    return system_error(code == EPIPE ? "output.closed" : "output.write", "cannot write to standard output", code);
}

std::string indented(std::string_view text) {
    std::string result = "  ";
    for (const char c : text) {
        result += c;
        if (c == '\n') result += "  ";
    }
    return result;
}

}  // namespace

Output::Output(const Vault& vault, ColorMode mode)
    : vault_(vault),
      color_out_(takes_color(STDOUT_FILENO, mode)),
      color_error_(takes_color(STDERR_FILENO, mode)),
      terminal_error_(isatty(STDERR_FILENO) != 0) {}

void Output::out(std::string_view text) const {
    const auto masked = vault_.mask(text);
    errno = 0;
    if (std::fwrite(masked.data(), 1, masked.size(), stdout) != masked.size()) throw write_error();
}

void Output::error(std::string_view text) const {
    const auto masked = vault_.mask(text);
    std::fwrite(masked.data(), 1, masked.size(), stderr);
}

void Output::flush() const {
    errno = 0;
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw write_error();
}

std::string render_error(const bind::Raised& raised, bool color, bool verbose) {
    const auto& error = raised.error;
    const bool defect = is_defect(error);
    std::string text = color ? "\x1b[1;31merror:\x1b[0m " : "error: ";
    if ((defect || verbose || error.kind() == "script") && !raised.where.empty()) text += raised.where + ": ";
    text += error.message() + "\n";
    if (!error.hint().empty()) text += (color ? "  \x1b[36mhint:\x1b[0m " : "  hint: ") + error.hint() + "\n";
    if (verbose && !error.native().empty()) text += "  cause: " + error.native() + "\n";
    if (verbose) text += "  kind: " + error.kind() + "\n";
    if ((defect || verbose) && !raised.traceback.empty()) text += indented(raised.traceback) + "\n";
    return text;
}

}  // namespace uhost
