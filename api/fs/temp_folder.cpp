#include "api/fs/temp_folder.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <set>
#include <string>

#include "api/fs/failure.hpp"

namespace uhost::fs {
namespace {

namespace stdfs = std::filesystem;

struct Registry {
    std::mutex mutex;
    std::set<stdfs::path> folders;
};

Registry& registry() {
    static Registry only;
    return only;
}

// A program that is being ended may still write: then a folder is not empty after all.
void remove_whole(const stdfs::path& folder) {
    constexpr int attempts = 5;
    for (int i = 0; i < attempts; ++i) {
        std::error_code failed;
        stdfs::remove_all(folder, failed);
        if (!failed) return;
    }
}

}  // namespace

TempFolder::TempFolder() {
    const char* set = std::getenv("TMPDIR");
    const stdfs::path parent = set != nullptr && *set == '/' ? set : "/tmp";
    auto name = (parent / "uhost-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw failure("fs.temp_dir", "make a temporary folder in", parent, errno);
    }
    std::error_code unresolved;
    path_ = stdfs::canonical(name, unresolved);
    if (unresolved) path_ = name;
    const std::lock_guard lock(registry().mutex);
    registry().folders.insert(path_);
}

TempFolder::~TempFolder() {
    remove_whole(path_);
    const std::lock_guard lock(registry().mutex);
    registry().folders.erase(path_);
}

bool TempFolder::any_holds(const stdfs::path& path) {
    const std::lock_guard lock(registry().mutex);
    return std::ranges::any_of(registry().folders, [&](const auto& folder) { return lies_in(path, folder); });
}

bool lies_in(const stdfs::path& path, const stdfs::path& folder) {
    std::error_code unresolved;
    const auto whole = stdfs::weakly_canonical(stdfs::absolute(path, unresolved), unresolved);
    if (unresolved) return false;
    const auto below = whole.lexically_relative(stdfs::weakly_canonical(folder, unresolved));
    return !below.empty() && *below.begin() != "..";
}

}  // namespace uhost::fs
