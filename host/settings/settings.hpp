#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "host/core/environment.hpp"

namespace uhost {

/// Settings by dotted name ("github.api_url"): command line, then UHOST_* environment (UHOST_GITHUB_API_URL), then the
/// `uhost.lua` of the repository, then the user's own, then the primitive's default.
///
/// A repository's `uhost.lua` may be from a stranger's pull request. It may set only what a primitive's settings.lua
/// declares with `repository = true`: nothing that decides where secrets or data go, or raises a limit.
class Settings {
public:
    using Value = std::variant<std::string, double, bool>;

    Settings() = default;
    /// With the UHOST_* variables of `environment`.
    explicit Settings(Environment environment) : environment_(std::move(environment)) {}

    /// Values from the command line; they win over all others.
    void set(std::string name, Value value);

    /// The same for "github.max_wait_s=60", as `--set` takes it. Throws `settings` for an
    /// unknown name and for a value of another type than `api_folder`/*/settings.lua declares.
    void set_assigned(std::string_view assignment, const std::filesystem::path& api_folder);

    /// Whose a file of settings is.
    enum class FileOf { user, repository };
    /// Takes the values of a file, checked against the declarations in `api_folder`/*/settings.lua. Throws `settings`
    /// naming the file for anything wrong in it.
    void take_file(FileOf whose, const std::filesystem::path& file, std::map<std::string, Value, std::less<>> values,
                   const std::filesystem::path& api_folder);

    /// Warnings about those of these environment variables whose names begin with UHOST_ and which no setting has, with
    /// "did you mean". Scripts, benches and tests have names of their own: UHOST_SCRIPTS_…, UHOST_BENCH_…, UHOST_SOURCE.
    static std::vector<std::string> unknown_variables(std::span<const std::string_view> names,
                                                      const std::filesystem::path& api_folder);

    /// Readers: nothing when not set anywhere; `settings` naming the source when the value has another type.
    std::optional<std::string> text(std::string_view name) const;
    std::optional<double> number(std::string_view name) const;
    std::optional<bool> flag(std::string_view name) const;
    /// All that is set within a setting of the type "table", by what follows its name ("slurm.partition"). A table has no
    /// variables in the environment.
    std::map<std::string, Value, std::less<>> within(std::string_view table) const;

private:
    struct Found {
        Value value;
        std::string source;  // "the command line", "UHOST_STATE", "/repo/uhost.lua"
    };
    std::optional<Found> find(std::string_view name) const;

    Environment environment_;
    std::map<std::string, Value, std::less<>> command_line_;
    struct File {
        std::string name;
        std::map<std::string, Value, std::less<>> values;
    };
    std::array<File, 2> files_;  // the repository's, then the user's
};

}  // namespace uhost
