#include "api/process/descriptors.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "host/core/error.hpp"

namespace uhost::process {
namespace {

constexpr unsigned close_range_cloexec = 1U << 2;  // <linux/close_range.h>; Linux 5.11

void mark_one_by_one() {
    const auto close = [](DIR* folder) { closedir(folder); };
    const std::unique_ptr<DIR, decltype(close)> folder(opendir("/proc/self/fd"));
    if (!folder) return;
    while (const dirent* entry = readdir(folder.get())) {
        int number = -1;
        std::from_chars(entry->d_name, entry->d_name + std::strlen(entry->d_name), number);
        if (number > STDERR_FILENO) fcntl(number, F_SETFD, FD_CLOEXEC);
    }
}

}  // namespace

void keep_descriptors_from_children() {
    if (::close_range(STDERR_FILENO + 1, ~0U, close_range_cloexec) != 0) mark_one_by_one();
}

}  // namespace uhost::process
