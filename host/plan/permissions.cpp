#include "host/plan/permissions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/core/error.hpp"
#include "host/core/resolved_path.hpp"

namespace uhost {
namespace {

const UsageErrors permission_errors("permission");

struct AccessText {
    std::string_view doing, option;
};

// In the order of Access.
constexpr AccessText access_texts[]{{"read", "--allow-read"},
                                    {"write", "--allow-fs"},
                                    {"connect to", "--allow-net"},
                                    {"run", "--allow-run"},
                                    {"read the environment variable", "--allow-env"},
                                    {"change the git repository", "--allow-git-write"},
                                    {"change", "--allow-github-write"},
                                    {"use", "--allow-ffi"}};

constexpr bool takes_operands(Access access) {
    return access != Access::git_write && access != Access::github_write && access != Access::ffi;
}

[[noreturn]] void deny(Access access, std::string_view operand, std::string_view doing = "") {
    const auto& text = access_texts[static_cast<std::size_t>(access)];
    const auto option = takes_operands(access) ? fmt::format("{}={}", text.option, operand) : std::string(text.option);
    throw Error("permission.denied", fmt::format("the script is not allowed to {} {}", doing.empty() ? text.doing : doing, operand))
        .hint(fmt::format("if it should be, run uhost with {}", option))
        .with("option", std::string(text.option))
        .with("operand", std::string(operand));
}

}  // namespace

Permissions Permissions::nothing() {
    Permissions permissions;
    permissions.limited_ = true;
    for (auto& scope : permissions.scopes_) scope.all = false;
    return permissions;
}

Permissions& Permissions::allow(Access access, const std::vector<std::string>& operands) {
    auto& scope = of(access);
    if (operands.empty()) scope.all = true;
    for (const auto& operand : operands) {
        const bool is_path = access == Access::read || access == Access::write ||
                             (access == Access::run && operand.find('/') != std::string::npos);
        scope.operands.push_back(is_path ? resolved_path(operand).string() : operand);
    }
    return *this;
}

bool Permissions::allows_all(Access access) const { return of(access).all; }

bool Permissions::allows(Access access, std::string_view operand) const {
    const auto& scope = of(access);
    return scope.all || std::ranges::find(scope.operands, operand) != scope.operands.end();
}

bool Permissions::allows_path(Access access, const std::filesystem::path& path) const {
    const auto& scope = of(access);
    return scope.all || std::ranges::any_of(scope.operands, [&](const auto& folder) { return lies_in(path, folder); });
}

bool Permissions::allows_host(std::string_view host, std::string_view port) const {
    return allows(Access::net, host) || allows(Access::net, fmt::format("{}:{}", host, port));
}

void Permissions::require(Access access, std::string_view operand) const {
    if (!allows(access, operand)) deny(access, operand);
}

void Permissions::require_path(Access access, const std::filesystem::path& path) const {
    if (!allows_path(access, path)) deny(access, path.string());
}

void Permissions::require_host(std::string_view host, std::string_view port) const {
    if (!allows_host(host, port)) deny(Access::net, host);
}

void Permissions::require_listening(std::string_view host, std::string_view port) const {
    if (!allows_host(host, port)) deny(Access::net, host, "listen at");
}

}  // namespace uhost
