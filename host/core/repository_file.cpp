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

// For kernels before 5.6 and containers whose filter refuses openat2: part by part, following no link at all.
int open_by_steps(int folder, const fs::path& relative) {
    Descriptor at(::fcntl(folder, F_DUPFD_CLOEXEC, 3));
    for (auto part = relative.begin(); at && part != relative.end(); ++part) {
        if (*part == "..") return errno = EXDEV, -1;
        const bool last = std::next(part) == relative.end();
        at = Descriptor(::openat(at.get(), part->c_str(), open_flags | O_NOFOLLOW | (last ? 0 : O_DIRECTORY)));
    }
    return at.release();
}

bool leads_outside(int code) { return code == EXDEV || code == ELOOP; }

Error open_error(const fs::path& path, int code) {
    if (!leads_outside(code)) return system_error("file.read", "cannot read " + path.string(), code);
    return Error("file.outside", fmt::format("{} leads out of its folder", path.string()))
        .hint("put the file itself there in place of the symbolic link");
}

}  // namespace

std::string read_repository_file(const fs::path& folder, const fs::path& relative, std::size_t max_bytes) {
    const auto path = folder / relative;
    const auto fail = [&](Error error) { return std::move(error).with("path", path.string()); };
    const Descriptor root(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root) throw fail(open_error(path, errno));
    Descriptor file(open_beneath(root.get(), relative));
    if (!file && (errno == ENOSYS || errno == EPERM)) file = Descriptor(open_by_steps(root.get(), relative));
    if (!file) throw fail(open_error(path, errno));
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) throw fail(open_error(path, errno));
    if (!S_ISREG(status.st_mode)) {
        throw fail(Error("file.not_regular", fmt::format("{} is not a regular file", path.string()))
                       .hint("put a text file there, no folder, device or named pipe"));
    }
    std::string content;
    const int code = read_all(file.get(), content, max_bytes);
    if (code == EFBIG) {
        throw fail(Error("file.too_large", fmt::format("{} is larger than {} bytes", path.string(), max_bytes)));
    }
    if (code != 0) throw fail(open_error(path, code));
    return content;
}

}  // namespace uhost
