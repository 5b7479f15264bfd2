#include "host/sandbox/worker/channel.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace uhost::sandbox {
namespace {

constexpr int host_socket = STDIN_FILENO;

[[noreturn]] void host_is_gone() { _exit(0); }

void read_fully(char* into, std::size_t size) {
    while (size > 0) {
        const auto got = ::read(host_socket, into, size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) host_is_gone();
        into += got;
        size -= static_cast<std::size_t>(got);
    }
}

void write_fully(const char* from, std::size_t size) {
    while (size > 0) {
        const auto put = ::write(host_socket, from, size);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) host_is_gone();
        from += put;
        size -= static_cast<std::size_t>(put);
    }
}

}  // namespace

WorkerChannel::Frame WorkerChannel::read() {
    char head[frame_header_bytes];
    read_fully(head, sizeof head);
    std::uint32_t size = 0;
    std::memcpy(&size, head + 1, sizeof size);
    if (size > max_frame_bytes) host_is_gone();
    Frame frame{static_cast<Operation>(head[0]), std::string(size, '\0')};
    read_fully(frame.payload.data(), size);
    return frame;
}

void WorkerChannel::write(Operation operation, std::string_view payload) {
    std::string frame(frame_header_bytes, '\0');
    frame[0] = static_cast<char>(operation);
    const auto size = static_cast<std::uint32_t>(payload.size());
    std::memcpy(frame.data() + 1, &size, sizeof size);
    frame += payload;
    write_fully(frame.data(), frame.size());
}

}  // namespace uhost::sandbox
