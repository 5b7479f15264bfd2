#include "host/core/temporary_folder.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <set>

#include "host/core/error.hpp"
#include "host/core/resolved_path.hpp"

namespace uhost {
namespace {

struct TemporaryFolders {
    std::mutex mutex;
    std::set<std::filesystem::path> paths;
};

TemporaryFolders& temporary_folders() {
    static TemporaryFolders only;
    return only;
}

// A program that is being ended may still write: then a folder is not empty after all.
void remove_whole(const std::filesystem::path& folder) {
    constexpr int attempts = 5;
    for (int i = 0; i < attempts; ++i) {
        std::error_code failed;
        std::filesystem::remove_all(folder, failed);
        if (!failed) return;
    }
}

}  // namespace

TemporaryFolder::TemporaryFolder(const std::filesystem::path& parent, const char* kind) {
    auto name = (parent / "uhost-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw system_error(kind, "cannot make a temporary folder in " + parent.string(), errno)
            .with("path", parent.string());
    }
    path_ = resolved_path(name);
    auto& all = temporary_folders();
    const std::lock_guard lock(all.mutex);
    all.paths.insert(path_);
}

TemporaryFolder::~TemporaryFolder() {
    remove_whole(path_);
    auto& all = temporary_folders();
    const std::lock_guard lock(all.mutex);
    all.paths.erase(path_);
}

std::vector<std::filesystem::path> TemporaryFolder::all() {
    auto& all = temporary_folders();
    const std::lock_guard lock(all.mutex);
    return {all.paths.begin(), all.paths.end()};
}

bool TemporaryFolder::any_holds(const std::filesystem::path& path) {
    auto& all = temporary_folders();
    const std::lock_guard lock(all.mutex);
    return std::ranges::any_of(all.paths, [&](const auto& folder) { return lies_in(path, folder); });
}

}  // namespace uhost
