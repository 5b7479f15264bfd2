#include "host/cli/misplaced_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/core/error.hpp"

namespace uhost {
namespace {

constexpr std::string_view deciding_options[]{
    "--dry-run",   "--plan-json", "--safe",    "--allow-read", "--allow-fs",        "--allow-net",
    "--allow-run", "--allow-env", "--offline", "--allow-ffi",  "--allow-git-write", "--allow-github-write",
    "--record",    "--replay",    "--state",   "--store", "--set",        "--memory",          "--require-sandbox"};

std::string without_comments(std::string_view source) {
    std::string code;
    while (!source.empty()) {
        const auto line = source.substr(0, source.find('\n'));
        source.remove_prefix(std::min(line.size() + 1, source.size()));
        const auto start = line.find_first_not_of(" \t");
        if (start == std::string_view::npos || line.substr(start).starts_with("--")) continue;
        code.append(line).append("\n");
    }
    return code;
}

// Whether a script has the option: "--state" in it, or a text that is its name alone.
bool names_option(std::string_view code, std::string_view option) {
    const auto name = std::string(option.substr(2));
    return code.find(option) != std::string_view::npos || code.find('"' + name + '"') != std::string_view::npos ||
           code.find('\'' + name + '\'') != std::string_view::npos;
}

}  // namespace

void refuse_misplaced_options(std::string_view source, const std::string& script,
                              const std::vector<std::string>& arguments) {
    for (const std::string_view argument : arguments) {
        if (argument == "--") return;
        const auto option = argument.substr(0, argument.find('='));
        if (std::ranges::find(deciding_options, option) == std::end(deciding_options)) continue;
        if (names_option(without_comments(source), option)) continue;
        throw Error("usage", fmt::format("{} is an option of uhost: it stands before the script", option))
            .hint(fmt::format("uhost {} {} …; to hand it to the script: uhost {} -- {}", argument, script, script,
                              argument));
    }
}

}  // namespace uhost
