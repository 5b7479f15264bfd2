#include "api/process/failures.hpp"

#include <fmt/format.h>

#include "api/process/signal_names.hpp"

namespace uhost::process {
namespace {

constexpr std::size_t shown_lines = 20, shown_bytes = 4096, line_bytes = 300;

// The end of what a program wrote, whole lines where they are not enormous, without control characters.
std::string last_lines(std::string_view text) {
    const auto end = text.find_last_not_of("\r\n \t");
    text = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
    if (text.size() > shown_bytes) text.remove_prefix(text.size() - shown_bytes);
    std::size_t start = text.size();
    for (std::size_t lines = 0; lines < shown_lines && start > 0; ++lines) {
        const auto newline = text.rfind('\n', start - 1);
        start = newline == std::string_view::npos ? 0 : newline;
    }
    if (start < text.size() && text[start] == '\n') ++start;
    std::string clean;
    for (const char c : text.substr(start)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n' || c == '\t' || (byte >= 0x20 && byte != 0x7f)) clean += c;
    }
    return clean;
}

std::string last_line(std::string_view text) {
    const auto newline = text.rfind('\n');
    return std::string(newline == std::string_view::npos ? text : text.substr(newline + 1)).substr(0, line_bytes);
}

Error described(Error&& error, const std::vector<std::string>& arguments, const std::string& lines) {
    return std::move(error).native(lines).with("command", quoted(arguments)).with("stderr", lines);
}

std::string with_last_line(std::string message, const std::string& lines) {
    return lines.empty() ? message : message + ": " + last_line(lines);
}

}  // namespace

Error failed(const std::vector<std::string>& arguments, const Ending& ending, std::string_view errors) {
    const auto lines = last_lines(errors);
    const auto how = ending.code ? fmt::format("ended with code {}", *ending.code)
                                 : fmt::format("was ended by {}", signal_name(ending.signal));
    auto error = described(Error("process.failed", with_last_line(fmt::format("{} {}", arguments[0], how), lines)),
                           arguments, lines);
    if (!ending.code) return std::move(error).with("signal", signal_name(ending.signal));
    return std::move(error).with("code", static_cast<std::int64_t>(*ending.code));
}

Error timed_out(const std::vector<std::string>& arguments, double timeout_s, std::string_view errors) {
    const auto lines = last_lines(errors);
    const auto message = fmt::format("{} took longer than {:g} s and was ended", arguments[0], timeout_s);
    return described(Error("process.timeout", with_last_line(message, lines)), arguments, lines)
        .hint("allow more with timeout_s, or look for what it waits for")
        .with("timeout_s", timeout_s);
}

Error too_much_output(const std::vector<std::string>& arguments, std::size_t most) {
    return described(Error("process.too_much_output",
                           fmt::format("{} wrote more than {} bytes and was ended", arguments[0], most)),
                     arguments, "")
        .hint("raise max_output_bytes, or read it line by line: process.start{…}:lines()")
        .with("max_output_bytes", static_cast<std::int64_t>(most));
}

}  // namespace uhost::process
