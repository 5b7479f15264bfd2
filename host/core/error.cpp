#include "host/core/error.hpp"

#include <cerrno>
#include <cstring>
#include <functional>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <system_error>

namespace uhost {

namespace {

// Modules are loaded on any thread.
struct UsageKinds {
    std::shared_mutex mutex;
    std::set<std::string, std::less<>> declared{"argument", "usage", "script", "settings", "policy", "lua", "closed"};
};

UsageKinds& usage_kinds() {
    static UsageKinds kinds;
    return kinds;
}

}  // namespace

UsageErrors::UsageErrors(std::string_view primitive) {
    auto& kinds = usage_kinds();
    const std::unique_lock lock(kinds.mutex);
    kinds.declared.emplace(primitive);
}

ExitCode exit_code_of(std::string_view kind) {
    if (kind == "interrupted") return ExitCode::interrupted;
    auto& kinds = usage_kinds();
    const std::shared_lock lock(kinds.mutex);
    const bool is_usage = kinds.declared.contains(kind.substr(0, kind.find('.'))) || kinds.declared.contains(kind);
    return is_usage ? ExitCode::usage : ExitCode::world;
}

Error system_error(std::string kind, std::string message, int code) {
    auto error = Error(std::move(kind), message + ": " + std::generic_category().message(code))
                     .with("errno", static_cast<std::int64_t>(code));
    if (const char* name = strerrorname_np(code); name != nullptr) std::move(error).with("code", std::string(name));
    switch (code) {
        case ENOSPC:
        case EDQUOT:
            return std::move(error).hint("free some space on that disk, or choose another folder");
        case EACCES:
        case EPERM:
            return std::move(error).hint("check who owns it, and its permissions (ls -l)");
        case EROFS:
            return std::move(error).hint("it lies on a read-only file system; choose another folder");
        case ENOENT:
            return std::move(error).hint("check the path; nothing is there");
        case ENOTEMPTY:
        case EEXIST:
            return std::move(error).hint("something is there already; remove it first, or choose another name");
        case EISDIR:
            return std::move(error).hint("it is a folder; name a file");
        case ENOTDIR:
            return std::move(error).hint("a part of the path is a file, not a folder");
        case ELOOP:
            return std::move(error).hint("symbolic links lead in a circle");
        case ENAMETOOLONG:
            return std::move(error).hint("choose a shorter name");
        case EXDEV:
            return std::move(error).hint("they lie on different disks; copy, then remove");
        default:
            return error;
    }
}

}  // namespace uhost
