#include "api/policy/policy_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <vector>

#include "host/core/error.hpp"
#include "host/core/file.hpp"
#include "host/core/suggest.hpp"

namespace uhost::policy {
namespace {

namespace fs = std::filesystem;

bool is_word(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_policy_name(std::string_view name) {
    if (name.size() > 200) return false;
    while (true) {
        const auto slash = name.find('/');
        if (!is_word(name.substr(0, slash))) return false;
        if (slash == std::string_view::npos) return true;
        name.remove_prefix(slash + 1);
    }
}

Error not_found(std::string_view name, const PolicyFolders& folders) {
    std::set<std::string> names;
    for (const auto& folder : {folders.own.path, folders.shipped}) {
        for (auto& each : policy_names(folder)) names.insert(std::move(each));
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    const auto own = folders.own.path.empty() ? std::string() : folders.own.path.string() + " or ";
    return Error("policy.not_found", fmt::format("no policy '{}' in {}{}", name, own, folders.shipped.string()))
        .hint(known.empty() ? "there are no policies in these folders" : did_you_mean(name, known))
        .with("policy", std::string(name));
}

}  // namespace

std::vector<PolicyFile> find_policy(std::string_view name, const PolicyFolders& folders) {
    if (!is_policy_name(name)) {
        throw Error("argument", fmt::format("'{}' is not the name of a policy", name.substr(0, 100)))
            .hint("a name such as 'crash_tests': lower-case letters, digits and '_', without '.lua'");
    }
    std::vector<PolicyFile> layers;
    for (const bool is_user : {false, true}) {
        const auto& folder = is_user ? folders.own.path : folders.shipped;
        if (folder.empty()) continue;
        const auto file_name = fmt::format("{}.lua", name);
        auto path = folder / file_name;
        std::error_code unknown;
        if (!fs::exists(path, unknown)) continue;
        // Run from where the shipped ones are, both are the same.
        if (!layers.empty() && fs::equivalent(path, layers.front().path, unknown)) continue;
        // The user's own may be a stranger's: they come with the repository.
        auto source = is_user ? read_repository_file(folders.own, file_name, max_policy_bytes)
                              : read_file(path, max_policy_bytes);
        layers.push_back({std::move(source), std::move(path), is_user});
    }
    if (layers.empty()) throw not_found(name, folders);
    return layers;
}

std::vector<std::string> policy_names(const fs::path& folder) {
    constexpr std::size_t max_names = 10'000;
    constexpr int deepest = 8;
    std::vector<std::string> names;
    if (folder.empty()) return names;
    std::error_code unreadable;
    fs::recursive_directory_iterator entries(folder, fs::directory_options::skip_permission_denied, unreadable);
    for (; !unreadable && entries != fs::recursive_directory_iterator(); entries.increment(unreadable)) {
        if (entries.depth() > deepest) entries.disable_recursion_pending();
        if (entries->path().extension() != ".lua") continue;
        auto name = entries->path().lexically_relative(folder).replace_extension().generic_string();
        if (is_policy_name(name)) names.push_back(std::move(name));
        if (names.size() == max_names) break;
    }
    std::ranges::sort(names);
    return names;
}

FileStamp stamp_of(const fs::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return {};
    return {status.st_ino, static_cast<std::uint64_t>(status.st_size),
            static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec};
}

}  // namespace uhost::policy
