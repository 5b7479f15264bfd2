#include "api/process/command.hpp"

#include <fmt/format.h>

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
    options.environment =
        with_changes(command.clear_environment ? Environment() : current_environment(), command.environment);
    options.folder = command.folder;
    options.limits = command.limits;
    return options;
}

}  // namespace uhost::process
