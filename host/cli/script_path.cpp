#include "host/cli/script_path.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "host/core/error.hpp"
#include "host/core/suggest.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> script_folders(const Settings& settings, const Locations& locations) {
    std::vector<fs::path> folders{"scripts"};
    const auto path = settings.text("path").value_or("");
    for (std::size_t begin = 0; begin < path.size();) {
        const auto end = std::min(path.find(':', begin), path.size());
        if (end > begin) folders.emplace_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    folders.push_back(locations.share / "scripts");
    return folders;
}

Error not_found(const std::string& name, const std::vector<fs::path>& folders) {
    std::vector<std::string> names, searched;
    std::error_code unreadable;
    for (const auto& folder : folders) {
        searched.push_back(folder.string());
        for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
            if (entry.path().extension() == ".lua") names.push_back(entry.path().stem().string());
        }
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    auto error = Error("usage", fmt::format("no script '{}' in {}", name, fmt::join(searched, ", ")));
    if (known.empty()) return std::move(error).hint("give the path of a Lua file, or see uhost --help");
    return std::move(error).hint(did_you_mean(name, known));
}

}  // namespace

fs::path find_script(const std::string& name, const Settings& settings, const Locations& locations) {
    std::error_code unreadable;
    if (fs::is_regular_file(name, unreadable)) return name;
    const bool is_path = name.find('/') != std::string::npos || name.ends_with(".lua");
    if (fs::is_directory(name, unreadable) && is_path) {
        throw Error("usage", fmt::format("'{}' is a folder, not a script", name)).hint("name a Lua file in it");
    }
    if (fs::exists(name, unreadable) && !fs::is_directory(name, unreadable)) return name;  // a pipe: <(…)
    if (is_path) throw Error("usage", fmt::format("no such script: {}", name)).hint("check the path; see uhost --help");
    const auto folders = script_folders(settings, locations);
    for (const auto& folder : folders) {
        if (auto file = folder / (name + ".lua"); fs::is_regular_file(file, unreadable)) return file;
    }
    throw not_found(name, folders);
}

}  // namespace uhost
