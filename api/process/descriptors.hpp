#pragma once

#include <utility>

namespace uhost::process {

/// A file descriptor that closes itself.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    int get() const { return number_; }
    int release() { return std::exchange(number_, -1); }

private:
    int number_ = -1;
};

/// The two ends of a pipe, both closed on exec. A pipe and not a socket, so that children may open /dev/stdout.
struct PipeEnds {
    Descriptor read, write;
};

/// Throws `process.start` when there are too many open files.
PipeEnds make_pipe();

/// Marks every descriptor above standard error to be closed on exec, so that no child inherits what a script, or who
/// started this process, has open. Lua's io.open does not do so by itself. Affects the whole process, for good.
void keep_descriptors_from_children();

}  // namespace uhost::process
