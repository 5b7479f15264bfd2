#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace uhost {

/// Owns a file descriptor and closes it. Holds -1 when it owns none. Move-only; one thread at a time.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    int get() const noexcept { return number_; }
    explicit operator bool() const noexcept { return number_ >= 0; }
    /// Gives up ownership.
    int release() noexcept { return std::exchange(number_, -1); }
    /// Closes it now and returns 0 or the errno value: some file systems report a failed write only here.
    int close() noexcept;

private:
    int number_ = -1;
};

/// The two ends of a pipe, or two connected sockets. Both are closed on exec.
struct DescriptorPair {
    Descriptor read, write;
};

/// Opens a pipe. Throws std::system_error.
DescriptorPair make_pipe();
/// Opens a pair of connected stream sockets; each end reads and writes. Throws std::system_error.
DescriptorPair make_socket_pair();

/// Appends everything up to the end of the file to `content`. Returns 0 or an errno value; EFBIG when more than
/// `max_bytes` come.
[[nodiscard]] int read_all(int descriptor, std::string& content, std::size_t max_bytes);

/// Writes all of `content`, however few bytes the system takes at a time. Returns 0 or an errno value.
[[nodiscard]] int write_all(int descriptor, std::string_view content) noexcept;

}  // namespace uhost
