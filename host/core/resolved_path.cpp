#include "host/core/resolved_path.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>

namespace uhost {
namespace {

namespace fs = std::filesystem;

constexpr int max_links = 40;  // as Linux has it: afterwards opening fails, too

fs::path resolve(const fs::path& path, bool follow_last) {
    std::error_code failed;
    const auto absolute = fs::absolute(path, failed).relative_path();
    std::deque<fs::path> names(absolute.begin(), absolute.end());
    fs::path done = "/";
    for (int links = 0; !names.empty();) {
        const auto name = std::move(names.front());
        names.pop_front();
        if (name.empty() || name == ".") continue;
        if (name == "..") {
            done = done.parent_path();
            continue;
        }
        auto next = done / name;
        const bool follows = (follow_last || !names.empty()) && links < max_links;
        if (!follows || !fs::is_symlink(fs::symlink_status(next, failed))) {
            done = std::move(next);
            continue;
        }
        ++links;
        const auto target = fs::read_symlink(next, failed);
        if (target.is_absolute()) done = "/";
        const auto below = target.relative_path();
        names.insert(names.begin(), below.begin(), below.end());
    }
    return done;
}

}  // namespace

fs::path resolved_path(const fs::path& path) { return resolve(path, true); }

fs::path resolved_entry(const fs::path& path) {
    return resolve(path.has_filename() ? path : path.parent_path(), false);
}

bool lies_in(const fs::path& path, const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

int open_by_steps(int folder, const fs::path& relative, int flags) {
    Descriptor at(::fcntl(folder, F_DUPFD_CLOEXEC, 3));
    for (auto part = relative.begin(); at && part != relative.end(); ++part) {
        if (*part == "..") return errno = EXDEV, -1;
        const bool last = std::next(part) == relative.end();
        at = Descriptor(::openat(at.get(), part->c_str(), (last ? flags : O_PATH | O_CLOEXEC | O_DIRECTORY) | O_NOFOLLOW));
    }
    return at.release();
}

Descriptor FilePlace::open(int flags) const {
    if (follows_links) return Descriptor(::open(path.c_str(), flags));
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags);
    how.resolve = RESOLVE_NO_SYMLINKS;
    Descriptor opened(static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
    if (opened || (errno != ENOSYS && errno != EPERM)) return opened;
    const Descriptor root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    return Descriptor(open_by_steps(root.get(), path.relative_path(), flags));
}

}  // namespace uhost
