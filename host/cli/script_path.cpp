#include "host/cli/script_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "host/core/error.hpp"
#include "host/core/repository_file.hpp"
#include "host/core/suggest.hpp"
#include "host/core/visible.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

// The comment in the first line that is not "#!…".
std::string summary_of(const fs::path& script) {
    constexpr std::size_t max_bytes = 200;
    std::ifstream file(script);
    std::string line;
    if (std::getline(file, line) && line.starts_with("#!")) std::getline(file, line);
    const auto text = line.find_first_not_of("- ");
    if (!line.starts_with("--") || text == std::string::npos) return {};
    return visible(std::string_view(line).substr(text, max_bytes));
}

std::vector<ScriptSummary> scripts_in(const fs::path& folder) {
    std::vector<ScriptSummary> found;
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
        if (entry.path().extension() != ".lua" || !entry.is_regular_file(unreadable)) continue;
        found.push_back({visible(entry.path().stem().string()), summary_of(entry.path())});
    }
    std::ranges::sort(found, {}, &ScriptSummary::name);
    return found;
}

std::vector<fs::path> path_folders(const Settings& settings) {
    std::vector<fs::path> folders;
    const auto path = settings.text("path").value_or("");
    for (std::size_t begin = 0; begin < path.size();) {
        const auto end = std::min(path.find(':', begin), path.size());
        if (end > begin) folders.emplace_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return folders;
}

std::string did_you_mean_one_of(const std::string& name, const std::vector<ScriptSummary>& scripts) {
    std::vector<std::string_view> known;
    for (const auto& script : scripts) known.push_back(script.name);
    return known.empty() ? "give the path of a Lua file; see uhost --help" : did_you_mean(name, known);
}

fs::path scripts_of_repository() {
    std::error_code unreadable;
    const auto found = find_in_repository("scripts", fs::current_path(unreadable));
    return found ? found->path : fs::path();
}

Error unknown_command(const std::string& name, const Settings& settings, const Locations& locations) {
    std::error_code unreadable;
    auto error = Error("usage", fmt::format("uhost has no command '{}'", name));
    if (const auto own = scripts_of_repository(); !own.empty() && fs::exists(own / (name + ".lua"), unreadable)) {
        return std::move(error).hint(fmt::format("the repository has a script of this name: uhost run {}", name));
    }
    if (fs::is_regular_file(name, unreadable)) {
        return std::move(error).hint(fmt::format("to run the file of this name, give its path: uhost ./{}", name));
    }
    auto scripts = built_in_scripts(locations);
    for (const auto& folder : path_folders(settings)) std::ranges::move(scripts_in(folder), std::back_inserter(scripts));
    return std::move(error).hint(did_you_mean_one_of(name, scripts));
}

}  // namespace

fs::path find_script(const std::string& name, const Settings& settings, const Locations& locations) {
    std::error_code unreadable;
    if (name.find('/') != std::string::npos || name.ends_with(".lua")) {
        if (fs::is_directory(name, unreadable)) {
            throw Error("usage", fmt::format("'{}' is a folder, not a script", name)).hint("name a Lua file in it");
        }
        if (fs::exists(name, unreadable)) return name;  // also a pipe: <(…)
        throw Error("usage", fmt::format("no such script: {}", name)).hint("check the path; see uhost --help");
    }
    auto folders = path_folders(settings);
    folders.insert(folders.begin(), locations.share / "scripts");
    for (const auto& folder : folders) {
        if (auto file = folder / (name + ".lua"); fs::is_regular_file(file, unreadable)) return file;
    }
    throw unknown_command(name, settings, locations);
}

fs::path find_repository_script(const std::string& name) {
    std::error_code unreadable;
    const auto folder = scripts_of_repository();
    if (folder.empty()) {
        throw Error("usage", "there is no folder scripts/ here or above, up to the repository's root")
            .hint("uhost run NAME runs scripts/NAME.lua; give the path of other scripts");
    }
    auto file = folder / (name.ends_with(".lua") ? name : name + ".lua");
    if (fs::is_regular_file(file, unreadable)) {
        const auto near = file.lexically_relative(fs::current_path(unreadable));
        return near.empty() ? file : near;
    }
    throw Error("usage", fmt::format("no script '{}' in {}", name, folder.string()))
        .hint(did_you_mean_one_of(name, repository_scripts()));
}

std::vector<ScriptSummary> built_in_scripts(const Locations& locations) {
    return scripts_in(locations.share / "scripts");
}

std::vector<ScriptSummary> repository_scripts() {
    std::error_code unknown;
    const auto folder = scripts_of_repository();
    if (folder.empty() || fs::equivalent(folder, Locations::find().share / "scripts", unknown)) return {};
    return scripts_in(folder);
}

}  // namespace uhost
