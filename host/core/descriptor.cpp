#include "host/core/descriptor.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace uhost {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        close();
        number_ = other.release();
    }
    return *this;
}

Descriptor::~Descriptor() { close(); }

int Descriptor::close() noexcept {
    const int number = release();
    return number >= 0 && ::close(number) != 0 && errno != EINTR ? errno : 0;
}

DescriptorPair make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "cannot open a pipe");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

DescriptorPair make_socket_pair() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot open a pair of sockets");
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

int read_all(int descriptor, std::string& content, std::size_t max_bytes) {
    constexpr std::size_t chunk_bytes = 64 * 1024;
    // The size is a hint only: files in /proc have none, and others may grow.
    struct stat status {};
    const bool sized = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
    const auto begin = content.size();
    auto filled = begin;
    content.resize(begin + (sized ? std::min(static_cast<std::size_t>(status.st_size), max_bytes) + 1 : chunk_bytes));
    for (;;) {
        if (filled == content.size()) content.resize(filled + std::max(chunk_bytes, filled - begin));
        const auto count = ::read(descriptor, content.data() + filled, content.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        const int code = count < 0 ? errno : 0;
        if (count > 0) filled += static_cast<std::size_t>(count);
        const bool too_large = filled - begin > max_bytes;
        if (count > 0 && !too_large) continue;
        content.resize(filled);
        return too_large ? EFBIG : code;
    }
}

int write_all(int descriptor, std::string_view content) noexcept {
    while (!content.empty()) {
        const auto count = ::write(descriptor, content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

}  // namespace uhost
