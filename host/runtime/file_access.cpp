#include "host/runtime/file_access.hpp"

#include <algorithm>
#include <string_view>

#include "host/core/resolved_path.hpp"
#include "host/core/temporary_folder.hpp"
#include "host/modules/modules.hpp"
#include "host/plan/permissions.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/host.hpp"

namespace uhost::files {

bool comes_with_uhost(Host& host, const std::filesystem::path& path) {
    // In a build tree these are links.
    constexpr std::string_view parts[]{"api", "scripts", "policies", "kb"};
    const auto& share = host.locations().share;
    return lies_in(path, resolved_path(share)) ||
           std::ranges::any_of(parts, [&](auto part) { return lies_in(path, resolved_path(share / part)); });
}

FilePlace require_reading(Host& host, const std::filesystem::path& path) {
    const auto& permissions = host.permissions();
    if (permissions.allows_all(Access::read)) return path;
    auto reached = resolved_path(path);
    if (!comes_with_uhost(host, reached)) permissions.require_path(Access::read, reached);
    return {std::move(reached), false};
}

Mutation mutation(Host& host, const char* kind, const std::filesystem::path& path, std::string summary,
                  Reaches reaches) {
    Mutation change{kind, path.string(), std::move(summary), {}, MutationScope::local, true};
    const bool limited = !host.permissions().allows_all(Access::write);
    if (!limited && !host.plan().dry_run()) return change;
    const auto reached = reaches == Reaches::target ? resolved_path(path) : resolved_entry(path);
    if (limited) host.permissions().require_path(Access::write, reached);
    // Only a dry run treats scratch files apart.
    if (host.plan().dry_run() && is_scratch(host, reached)) change.scope = MutationScope::scratch;
    return change;
}

bool is_scratch(Host& host, const std::filesystem::path& path) {
    return TemporaryFolder::any_holds(path) || lies_in(path, resolved_path(host.state_folder()));
}

void allow(Host& host, const std::filesystem::path& folder) {
    if (!host.permissions().limited()) return;
    host.permissions().allow(Access::read, {folder.string()}).allow(Access::write, {folder.string()});
}

}  // namespace uhost::files
