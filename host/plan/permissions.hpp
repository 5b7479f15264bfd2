#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace uhost {

/// What a script may reach. Each kind of access may be denied, allowed, or allowed for some operands only.
///
///     uhost::HostOptions options;
///     options.permissions = uhost::Permissions::nothing().allow(uhost::Access::read, {"/srv/data"});
///
/// Programs that a script may run are outside of this boundary: they do what the user may do.
enum class Access {
    read,          ///< of files; by path
    write,         ///< of files; by path
    net,           ///< connections; by host ("example.org") or host and port ("example.org:8080")
    run,           ///< programs; by name, or by path
    env,           ///< variables of the environment; by name
    git_write,     ///< changes to git repositories
    github_write,  ///< changes on GitHub
    ffi,  ///< code outside of Lua: `ffi`, C modules, `debug`, compiled Lua. With it a script can reach everything
};

class Permissions {
public:
    static Permissions everything() { return {}; }
    static Permissions nothing();

    /// Allows an access for these operands, or without any for all. A path stands for a folder and all below it; one
    /// that is relative starts from the current folder.
    Permissions& allow(Access access, const std::vector<std::string>& operands = {});

    /// Whether anything is denied.
    bool limited() const { return limited_; }
    /// Whether an access is allowed for any operand.
    bool allows_all(Access access) const;
    bool allows(Access access, std::string_view operand) const;
    /// Whether it is allowed for some operand.
    bool allows_any(Access access) const { return of(access).all || !of(access).operands.empty(); }
    /// Those that it is allowed for, apart from allows_all().
    const std::vector<std::string>& operands(Access access) const { return of(access).operands; }
    /// For `read` and `write`: a path that was resolved (see resolved_path).
    bool allows_path(Access access, const std::filesystem::path& path) const;
    bool allows_host(std::string_view host, std::string_view port) const;

    /// Throw `permission.denied`, whose hint names the option that allows it.
    void require(Access access, std::string_view operand) const;
    void require_path(Access access, const std::filesystem::path& path) const;
    void require_host(std::string_view host, std::string_view port) const;
    void require_listening(std::string_view host, std::string_view port) const;

private:
    struct Scope {
        bool all = true;
        std::vector<std::string> operands;
    };
    Scope& of(Access access) { return scopes_[static_cast<std::size_t>(access)]; }
    const Scope& of(Access access) const { return scopes_[static_cast<std::size_t>(access)]; }

    bool limited_ = false;
    std::array<Scope, 8> scopes_;
};

}  // namespace uhost
