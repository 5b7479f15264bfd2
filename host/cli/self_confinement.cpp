#include "host/cli/self_confinement.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "host/core/landlock.hpp"
#include "host/core/repository_file.hpp"
#include "host/modules/modules.hpp"
#include "host/plan/permissions.hpp"
#include "host/settings/settings.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

// What libraries read: shared objects, the user's name, time zones, Lua modules.
constexpr const char* system_folders[]{"/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/dev"};

void allow_uhost(Landlock& landlock, const Host& host) {
    const auto& locations = host.locations();
    for (const auto* part : {"", "api", "scripts", "policies", "kb"}) {
        landlock.allow_reading((locations.share / part).string());
    }
    const auto libraries = locations.library.parent_path().string();
    landlock.allow_reading(libraries).allow_execution(libraries);
    std::error_code unknown;
    for (const auto* name : {"policies", "kb"}) {
        if (const auto own = find_in_repository(name, fs::current_path(unknown))) landlock.allow_reading(own->path.string());
    }
    if (const auto replay = host.settings().text("http.replay")) landlock.allow_reading(*replay);
    // git's own configuration, which opening a repository reads.
    const auto home = host.environment().text("HOME");
    for (const auto* file : {"/.gitconfig", "/.config/git"}) {
        if (!home.empty()) landlock.allow_reading(home + file);
    }
}

void allow_operands(Landlock& landlock, const Permissions& permissions) {
    const auto operands = [&](Access access) {
        return permissions.allows_all(access) ? std::vector<std::string>{"/"} : permissions.operands(access);
    };
    for (const auto& path : operands(Access::read)) landlock.allow_reading(path);
    for (const fs::path path : operands(Access::write)) {
        std::error_code unknown;
        // What does not exist yet is made in the folder above.
        landlock.allow_changes((fs::exists(path, unknown) ? path : path.parent_path()).string());
    }
}

}  // namespace

void confine_process(Host& host, const fs::path& script_folder, const fs::path& plan_file) {
    using enum Access;
    const auto& permissions = host.permissions();
    const auto is_allowed = [&](Access access) { return permissions.allows_any(access); };
    if (!permissions.limited() || std::ranges::any_of(std::array{net, run, git_write, github_write, ffi}, is_allowed)) return;
    if (Landlock::version() == 0) return;
    Landlock landlock(Landlock::Deny::everything);
    for (const auto* folder : system_folders) landlock.allow_reading(folder).allow_execution(folder);
    landlock.allow_changes("/dev/null").allow_changes("/dev/tty");
    landlock.allow_changes(host.environment().temporary_folder());
    if (is_allowed(write)) landlock.allow_changes(host.state_folder().string());
    if (!script_folder.empty()) landlock.allow_reading(script_folder.string());
    if (!plan_file.empty()) landlock.allow_changes(fs::absolute(plan_file).parent_path().string());
    allow_uhost(landlock, host);
    allow_operands(landlock, permissions);
    if (const int failure = landlock.restrict_self(); failure != 0) {
        throw system_error("permission.confinement", "cannot confine this process", failure);
    }
}

}  // namespace uhost
