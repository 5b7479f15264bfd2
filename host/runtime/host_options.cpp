#include "host/runtime/host_options.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "host/core/error.hpp"

namespace uhost {
namespace {

// Of the machine's memory, or of the address space where this process may have less.
std::size_t half_of_memory() {
    const auto pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
    const auto machine =
        pages > 0 && page_bytes > 0 ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(page_bytes) : 0;
    rlimit space{};
    if (getrlimit(RLIMIT_AS, &space) != 0 || space.rlim_cur == RLIM_INFINITY) return machine / 2;
    return (machine > 0 ? std::min<std::size_t>(machine, space.rlim_cur) : space.rlim_cur) / 2;
}

// "512M", "2G", "1048576"; 0 is no limit.
std::size_t parse_size(const std::string& text) {
    constexpr std::string_view units = "KMGT";
    std::size_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, failed] = std::from_chars(text.data(), end, number);
    const auto unit = rest == end ? std::string_view::npos : units.find(static_cast<char>(*rest & ~0x20));
    const bool valid = failed == std::errc() && (rest == end || (rest + 1 == end && unit != std::string_view::npos));
    const std::size_t factor = rest == end ? 1 : std::size_t{1} << (10 * (unit + 1));
    if (!valid || number > SIZE_MAX / factor) {
        throw Error("settings", fmt::format("setting 'memory' is '{}'", text.substr(0, 100)))
            .hint("it is a number of bytes, or one with K, M, G or T behind it, such as 512M; 0 for no limit");
    }
    return number * factor;
}

// "a,b" as a list; "*" is all.
std::vector<std::string> operands_of(const std::string& text) {
    std::vector<std::string> operands;
    for (std::size_t begin = 0; text != "*" && begin <= text.size();) {
        const auto end = std::min(text.find(',', begin), text.size());
        if (end > begin) operands.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return operands;
}

}  // namespace

ColorMode color_mode(const HostOptions& options, const Settings& settings) {
    if (options.color) return *options.color;
    const auto set = settings.text("color").value_or("auto");
    if (set == "auto") return ColorMode::automatic;
    if (set == "always") return ColorMode::always;
    if (set == "never") return ColorMode::never;
    throw Error("settings", fmt::format("setting 'color' is '{}'", set)).hint("it is auto, always or never");
}

// Of the machine's memory, or of the address space where this process may have less.

std::size_t memory_limit_bytes(const HostOptions& options, const Settings& settings) {
    if (options.memory_limit_bytes) return *options.memory_limit_bytes;
    const auto set = settings.text("memory");
    return set && !set->empty() ? parse_size(*set) : half_of_memory();
}

Permissions permissions_of(const HostOptions& options, const Settings& settings) {
    using enum Access;
    static const std::pair<const char*, std::vector<Access>> scopes[]{
        {"allow_read", {read}}, {"allow_fs", {read, write}}, {"allow_net", {net}}, {"allow_run", {run}}, {"allow_env", {env}}};
    static constexpr std::pair<const char*, Access> flags[]{
        {"allow_git_write", git_write}, {"allow_github_write", github_write}, {"allow_ffi", ffi}};
    if (options.permissions) return *options.permissions;
    bool limited = settings.flag("safe").value_or(false);
    auto permissions = Permissions::nothing();
    for (const auto& [setting, accesses] : scopes) {
        const auto set = settings.text(setting);
        if (!set || set->empty()) continue;
        limited = true;
        const auto operands = operands_of(*set);
        if (operands.empty() && *set != "*") continue;
        for (const auto access : accesses) permissions.allow(access, operands);
    }
    for (const auto& [setting, access] : flags) {
        if (!settings.flag(setting).value_or(false)) continue;
        limited = true;
        permissions.allow(access);
    }
    return limited ? permissions : Permissions::everything();
}

std::filesystem::path default_state_folder(const Environment& environment) {
    if (const auto state = environment.text("XDG_STATE_HOME"); state.starts_with('/')) return std::filesystem::path(state) / "uhost";
    if (const auto home = environment.text("HOME"); home.starts_with('/')) return std::filesystem::path(home) / ".local/state/uhost";
    throw Error("state.create", "no place for the state folder: HOME is not set").hint("pass --state DIR");
}

}  // namespace uhost
