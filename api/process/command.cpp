#include "api/process/command.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "host/core/error.hpp"

namespace uhost::process {
namespace {

bool is_plain(std::string_view argument) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    return !argument.empty() && argument.find_first_not_of(plain) == std::string_view::npos;
}

std::string quoted_argument(std::string_view argument) {
    if (is_plain(argument)) return std::string(argument);
    std::string text = "'";
    for (const char c : argument) text += c == '\'' ? std::string_view("'\\''") : std::string_view(&c, 1);
    text += '\'';
    return text;
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

bool is_folder(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Error not_found(const Command& command) {
    const auto& program = command.arguments[0];
    const bool is_path = program.find('/') != std::string::npos;
    if (is_path && command.folder.empty() && ::access(program.c_str(), F_OK) == 0) {
        return Error("process.not_found", fmt::format("cannot run {}: its interpreter does not exist", program))
            .hint("look at its first line (#!), and install what that names");
    }
    return Error("process.not_found", fmt::format("cannot find the program '{}'", program))
        .hint(is_path ? "check the path; a relative one starts from the folder that the program runs in"
                      : "install it, or add its folder to PATH");
}

constexpr std::size_t max_lines = 20, max_bytes_shown = 4096, max_line_bytes = 300;

// The end of what a program wrote, whole lines where they are not enormous, without control characters.
std::string last_lines(std::string_view text) {
    const auto end = text.find_last_not_of("\r\n \t");
    text = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
    if (text.size() > max_bytes_shown) text.remove_prefix(text.size() - max_bytes_shown);
    std::size_t start = text.size();
    for (std::size_t lines = 0; lines < max_lines && start > 0; ++lines) {
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
    return std::string(newline == std::string_view::npos ? text : text.substr(newline + 1)).substr(0, max_line_bytes);
}

Error described(Error&& error, const std::vector<std::string>& arguments, const std::string& lines) {
    return std::move(error).native(lines).with("command", quoted(arguments)).with("stderr", lines);
}

std::string with_last_line(std::string message, const std::string& lines) {
    return lines.empty() ? message : message + ": " + last_line(lines);
}

}  // namespace

std::string quoted(const std::vector<std::string>& arguments) {
    std::string text;
    for (const auto& argument : arguments) {
        if (!text.empty()) text += ' ';
        text += quoted_argument(argument);
    }
    return text;
}

void check(const Command& command) {
    if (command.arguments.empty() || command.arguments[0].empty()) {
        throw Error("argument", "no program to run").hint("process.run{\"git\", \"status\"}: the program comes first");
    }
    for (const auto& argument : command.arguments) {
        if (has_nul(argument)) throw Error("argument", "an argument of a program cannot hold a NUL byte");
    }
    for (const auto& [name, value] : command.environment) {
        if (name.empty() || name.find('=') != std::string::npos || has_nul(name) || has_nul(value.value_or(""))) {
            throw Error("argument", fmt::format("bad environment variable '{}'", name))
                .hint("names hold no '=', and neither names nor values a NUL byte");
        }
    }
}

SpawnOptions spawn_options(const Command& command) {
    SpawnOptions options;
    options.arguments = command.arguments;
    options.environment = with_changes(command.inherited, command.environment);
    options.folder = command.folder;
    options.limits = command.limits;
    options.supervised = command.supervised;
    if (command.confined != nullptr) command.confined->confine(options);
    return options;
}

std::string signal_name(int number) {
    const char* name = sigabbrev_np(number);
    return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(number);
}

std::optional<int> signal_number(std::string_view name) {
    if (name.starts_with("SIG")) name.remove_prefix(3);
    for (int number = 1; number < NSIG; ++number) {
        const char* known = sigabbrev_np(number);
        if (known != nullptr && name == known) return number;
    }
    return std::nullopt;
}

Error start_error(const Command& command, int code) {
    const auto& program = command.arguments[0];
    const auto reason = std::generic_category().message(code);
    const auto finished = [&](Error&& error) {
        return std::move(error).native(reason).with("program", program).with("errno", static_cast<std::int64_t>(code));
    };
    if (!command.folder.empty() && !is_folder(command.folder)) {
        return finished(
            Error("process.folder", fmt::format("cannot run '{}' in {}: no such folder", program, command.folder))
                .hint("check the option 'cwd'"));
    }
    if (code == ENOENT) return finished(not_found(command));
    auto error = Error("process.start", fmt::format("cannot run '{}': {}", program, reason));
    if (code == EACCES)
        return finished(
            std::move(error).hint("check that the file is executable (chmod +x), and its folder open to you"));
    if (code == ENOEXEC) return finished(std::move(error).hint("it is not a program for this machine"));
    if (code == E2BIG)
        return finished(std::move(error).hint("the arguments are too long; pass them in a file or on standard input"));
    if (code == EAGAIN || code == ENOMEM)
        return finished(std::move(error).hint("too many processes, or no memory; run fewer at once"));
    return finished(std::move(error));
}

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

Error too_much_output(const std::vector<std::string>& arguments, std::size_t max_bytes) {
    return described(Error("process.too_much_output",
                           fmt::format("{} wrote more than {} bytes and was ended", arguments[0], max_bytes)),
                     arguments, "")
        .hint("raise max_output_bytes, or read it line by line: process.start{…}:lines()")
        .with("max_output_bytes", static_cast<std::int64_t>(max_bytes));
}

}  // namespace uhost::process
