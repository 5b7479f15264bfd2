#pragma once

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
/// `uhost.lua` beside the repository, then the primitive's default.
///
/// `uhost.lua` returns a table of plain data. It comes with the repository, so a stranger's pull request may have
/// written it: it runs in an interpreter of its own without any library, under limits of instructions and memory, and
/// may not set what decides where secrets go (declared `trusted` in a primitive's settings.lua).
class Settings {
public:
    using Value = std::variant<std::string, double, bool>;

    Settings() = default;
    /// With the UHOST_* variables of `environment`.
    explicit Settings(Environment environment) : environment_(std::move(environment)) {}

    /// Values from the command line; they win over all others.
    void set(std::string name, Value value);

    /// The same for "github.max_wait_s=60", as `--set` takes it. Also for `trusted` settings. Throws `settings` for an
    /// unknown name and for a value of another type than `api_folder`/*/settings.lua declares.
    void set_assigned(std::string_view assignment, const std::filesystem::path& api_folder);

    /// Reads the `uhost.lua` at `file`, checking its keys against the declarations in `api_folder`/*/settings.lua.
    /// Throws `settings` with file and line for anything wrong in it.
    void read_file(const std::filesystem::path& file, const std::filesystem::path& api_folder);

    /// Warnings about those of these environment variables whose names begin with UHOST_ and which no setting has, with
    /// "did you mean". Scripts, benches and tests have names of their own: UHOST_SCRIPTS_…, UHOST_BENCH_…, UHOST_SOURCE.
    static std::vector<std::string> unknown_variables(std::span<const std::string_view> names,
                                                      const std::filesystem::path& api_folder);

    /// Readers: nothing when not set anywhere; `settings` naming the source when the value has another type.
    std::optional<std::string> text(std::string_view name) const;
    std::optional<double> number(std::string_view name) const;
    std::optional<bool> flag(std::string_view name) const;

private:
    struct Found {
        Value value;
        std::string source;  // "the command line", "UHOST_STATE", "/repo/uhost.lua"
    };
    std::optional<Found> find(std::string_view name) const;

    Environment environment_;
    std::map<std::string, Value, std::less<>> command_line_, file_values_;
    std::string file_name_;
};

}  // namespace uhost
