#include "api/process/command.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

extern char** environ;

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

}  // namespace

std::string quoted(const std::vector<std::string>& arguments) {
    std::string text;
    for (const auto& argument : arguments) {
        if (!text.empty()) text += ' ';
        text += quoted_argument(argument);
    }
    return text;
}

std::vector<std::string> child_environment(const Command& command) {
    std::vector<std::string> entries;
    const auto overlaid = [&](std::string_view entry) {
        return std::ranges::any_of(command.environment, [&](const auto& variable) {
            return entry.size() > variable.first.size() && entry.starts_with(variable.first) &&
                   entry[variable.first.size()] == '=';
        });
    };
    for (char** entry = environ; !command.clear_environment && entry != nullptr && *entry != nullptr; ++entry) {
        if (!overlaid(*entry)) entries.emplace_back(*entry);
    }
    for (const auto& [name, value] : command.environment) {
        if (value) entries.push_back(fmt::format("{}={}", name, *value));
    }
    return entries;
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

Error start_error(const Command& command, int code) {
    const auto& program = command.arguments[0];
    const auto words = std::generic_category().message(code);
    const auto finished = [&](Error&& error) {
        return std::move(error).native(words).with("program", program).with("errno", static_cast<std::int64_t>(code));
    };
    if (!command.folder.empty() && !is_folder(command.folder)) {
        return finished(
            Error("process.folder", fmt::format("cannot run '{}' in {}: no such folder", program, command.folder))
                .hint("check the option 'cwd'"));
    }
    if (code == ENOENT) return finished(not_found(command));
    auto error = Error("process.start", fmt::format("cannot run '{}': {}", program, words));
    if (code == EACCES)
        return finished(
            std::move(error).hint("check that the file is executable (chmod +x), and its folder open to you"));
    if (code == ENOEXEC)
        return finished(std::move(error).hint("it is no program of this machine, or a script without a #! line"));
    if (code == E2BIG)
        return finished(std::move(error).hint("the arguments are too long; pass them in a file or on standard input"));
    if (code == EAGAIN || code == ENOMEM)
        return finished(std::move(error).hint("too many processes, or no memory; run fewer at once"));
    return finished(std::move(error));
}

}  // namespace uhost::process
