#pragma once

#include <linux/filter.h>

#include <string>
#include <vector>

#include "host/core/landlock.hpp"

namespace uhost {

/// What keeps a program, and all that it starts, from changing anything outside of some folders: Landlock for files,
/// signals and TCP, and a system-call filter for what Landlock does not know (the mode, owner and times of files, other
/// sockets, priorities of other processes, shared memory, the clock, mounts, kernel modules). It may read and run what
/// it could before. It gains no privilege by setuid programs such as sudo.
///
/// The limits: what it was given open it may write to, such as its standard output. Where Landlock is older than
/// version 3, it can empty files (truncate(2)); older than 6, it can send no signal at all, not even to its own
/// children.
///
/// The object is made before fork(2); apply() is safe between fork (or vfork) and execve. Move-only; afterwards
/// read-only, so that threads may share it.
class ReadOnlyConfinement {
public:
    /// Throws std::system_error where this kernel has no Landlock.
    explicit ReadOnlyConfinement(const std::vector<std::string>& writable_folders);

    /// Applies it to the calling thread. Returns 0 or an errno value.
    [[nodiscard]] int apply() const noexcept;

private:
    Landlock files_;
    std::vector<sock_filter> system_calls_;
};

}  // namespace uhost
