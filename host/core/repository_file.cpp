#include "host/core/repository_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "host/core/descriptor.hpp"
#include "host/core/error.hpp"
#include "host/core/resolved_path.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

// O_NONBLOCK keeps a named pipe without a writer from blocking the open.
constexpr int open_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

// https://man7.org/linux/man-pages/man2/openat2.2.html
int open_beneath(int folder, const fs::path& relative) {
    open_how how{};
    how.flags = open_flags;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return static_cast<int>(::syscall(SYS_openat2, folder, relative.c_str(), &how, sizeof how));
}

bool leads_outside(int code) { return code == EXDEV || code == ELOOP; }

Descriptor open_in(int folder, const fs::path& relative) {
    Descriptor opened(open_beneath(folder, relative));
    if (!opened && (errno == ENOSYS || errno == EPERM)) opened = Descriptor(open_by_steps(folder, relative, open_flags));
    return opened;
}

[[noreturn]] void fail_at(Error error, const fs::path& path) { throw std::move(error).with("path", path.string()); }

[[noreturn]] void fail_to_open(const fs::path& path, int code, const char* place) {
    if (!leads_outside(code)) fail_at(system_error("file.read", "cannot read " + path.string(), code), path);
    fail_at(Error("file.outside", fmt::format("{} leads out of {}", path.string(), place))
             .hint("put the file itself there in place of the symbolic link"),
         path);
}

struct stat checked_status(const Descriptor& opened, const fs::path& path, const TrustedOwners* owners) {
    struct stat status {};
    if (::fstat(opened.get(), &status) != 0) fail_to_open(path, errno, "its folder");
    if (owners == nullptr || owners->allow(status.st_uid)) return status;
    fail_at(Error("file.owner", fmt::format("{} belongs to another user", path.string()))
             .hint("if you trust what is in it: git config --global --add safe.directory " +
                   owners->repository().string()),
         path);
}

Descriptor open_folder(const RepositoryFolder& folder) {
    const auto* const owners = folder.owners.get();
    const auto& start = owners == nullptr ? folder.path : owners->repository();
    Descriptor opened(::open(start.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!opened) fail_to_open(start, errno, "its folder");
    if (owners == nullptr) return opened;
    const auto relative = fs::absolute(folder.path).lexically_relative(fs::absolute(start)).lexically_normal();
    if (relative != "." && relative != "./") opened = open_in(opened.get(), relative);
    if (!opened) fail_to_open(folder.path, errno, "the repository");
    const auto status = checked_status(opened, folder.path, owners);
    if (!S_ISDIR(status.st_mode)) fail_to_open(folder.path, ENOTDIR, "the repository");
    return opened;
}

}  // namespace

std::optional<InRepository> find_in_repository(std::string_view name, const fs::path& folder) {
    std::error_code ignored;
    const auto here = fs::absolute(folder, ignored);
    fs::path found;
    for (auto above = here;; above = above.parent_path()) {
        if (found.empty() && fs::exists(fs::symlink_status(above / name, ignored))) found = above / name;
        if (fs::exists(above / ".git", ignored)) {
            if (found.empty()) return std::nullopt;
            return InRepository{std::move(found), above};
        }
        if (above == above.root_path() || above.empty()) break;
    }
    if (found.empty() || found.parent_path() != here) return std::nullopt;
    return InRepository{std::move(found), here};
}

void check_repository_folder(const RepositoryFolder& folder) { open_folder(folder); }

std::string read_repository_file(const RepositoryFolder& folder, const fs::path& relative, std::size_t max_bytes) {
    const auto path = folder.path / relative;
    const auto root = open_folder(folder);
    const auto file = open_in(root.get(), relative);
    if (!file) fail_to_open(path, errno, "its folder");
    const auto status = checked_status(file, path, folder.owners.get());
    if (!S_ISREG(status.st_mode)) {
        fail_at(Error("file.not_regular", fmt::format("{} is not a regular file", path.string()))
                 .hint("put a text file there, no folder, device or named pipe"),
             path);
    }
    std::string content;
    const int code = read_all(file.get(), content, max_bytes);
    if (code == EFBIG) {
        fail_at(Error("file.too_large", fmt::format("{} is larger than {} bytes", path.string(), max_bytes)), path);
    }
    if (code != 0) fail_to_open(path, code, "its folder");
    return content;
}

}  // namespace uhost
