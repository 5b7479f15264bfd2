#include "host/runtime/settings_file.hpp"

#include <fmt/format.h>

#include "host/core/file.hpp"
#include "host/core/repository_file.hpp"
#include "host/lua/interpreter.hpp"
#include "host/sandbox/evaluate.hpp"
#include "host/sandbox/plain_data.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

constexpr const char* settings_name = "uhost.lua";
constexpr std::size_t max_settings_bytes = 1 << 20;
constexpr sandbox::WorkerLimits settings_limits{.memory_bytes = 16 << 20, .deadline_ms = 1000};
constexpr sandbox::DataLimits max_settings{.depth = 20, .values = 10'000, .bytes = max_settings_bytes};

Error settings_error(const sandbox::Failure& failure, const fs::path& file) {
    if (failure.kind == "worker") return Error("policy.worker", failure.message).hint(failure.remedy);
    const auto line = failure.line > 0 ? fmt::format(":{}", failure.line) : "";
    return Error("settings", fmt::format("{}{}: {}", file.string(), line, failure.message))
        .hint("a settings file only returns a table: return { github = { cache = true } }");
}

std::string repositorys_source(const InRepository& found, const Environment& environment) {
    const RepositoryFolder folder{found.path.parent_path(), std::make_shared<TrustedOwners>(found.root, environment)};
    return read_repository_file(folder, settings_name, max_settings_bytes);
}

// Where a user may have put settings for all repositories below, and anybody else may have, too.
std::optional<fs::path> settings_above(const fs::path& root) {
    std::error_code unreadable;
    for (auto above = root; above != above.parent_path();) {
        above = above.parent_path();
        if (fs::exists(above / settings_name, unreadable)) return above / settings_name;
    }
    return std::nullopt;
}

fs::path users_file(const Environment& environment) {
    if (const auto config = environment.text("XDG_CONFIG_HOME"); config.starts_with('/')) {
        return fs::path(config) / "uhost" / settings_name;
    }
    const auto home = environment.text("HOME");
    return home.starts_with('/') ? fs::path(home) / ".config/uhost" / settings_name : fs::path();
}

}  // namespace

SettingValues evaluate_settings(const Locations& locations, const fs::path& file, std::string_view source,
                                bool all_layers) {
    auto limits = settings_limits;
    limits.all_layers = all_layers;
    const auto reply = sandbox::evaluate(sandbox::worker_in(locations.library), limits, "@" + file.string(), source);
    if (const auto* failure = std::get_if<sandbox::Failure>(&reply)) throw settings_error(*failure, file);
    const Interpreter values(settings_limits.memory_bytes);
    sandbox::DataReader reader(std::get<std::string>(reply), max_settings);
    if (!reader.push(values.state())) {
        throw Error("settings", fmt::format("{}: it holds too much", file.string()))
            .hint(fmt::format("settings are {} values at most", max_settings.values));
    }
    auto settings = leaves_of(values.state(), file);
    reader.push(values.state());  // where the values come from: this file
    if (const auto function = reader.text()) {
        throw Error("settings", fmt::format("{}: '{}' is a function, not plain data", file.string(), *function))
            .hint("settings are strings, numbers, true or false, and tables of them");
    }
    return settings;
}

SettingsFiles read_settings_files(Settings& settings, const Locations& locations, const Environment& environment,
                                  const fs::path& folder) {
    SettingsFiles files;
    const auto take = [&](Settings::FileOf whose, const fs::path& file, const std::string& source) {
        const bool all_layers = settings.flag("require_sandbox").value_or(false);
        settings.take_file(whose, file, evaluate_settings(locations, file, source, all_layers), locations.share / "api");
        files.read.push_back(file.string());
    };
    std::error_code absent;
    const auto own = users_file(environment);
    if (fs::exists(own, absent)) take(Settings::FileOf::user, own, read_file(own, max_settings_bytes));
    if (const auto repository = find_in_repository(".git", folder)) {
        if (const auto above = settings_above(repository->root)) {
            files.warnings.push_back(fmt::format("{} is above the repository, and left out (settings for all of yours "
                                                 "are in ~/.config/uhost/uhost.lua)", above->string()));
        }
    }
    const auto found = find_in_repository(settings_name, folder);
    if (!found) return files;
    try {
        take(Settings::FileOf::repository, found->path, repositorys_source(*found, environment));
    } catch (const Error& error) {
        if (error.kind() != "file.outside" && error.kind() != "file.owner") throw;
        files.warnings.push_back(fmt::format("{}; it is left out ({})", error.message(), error.hint()));
    }
    return files;
}

}  // namespace uhost
