#pragma once

#include <cstdint>
#include <string>

#include "host/core/descriptor.hpp"

namespace uhost {

/// Rights that a process gives up for itself and for all that it starts, by Linux's Landlock. No privilege is needed,
/// and root cannot take them back. What it had opened before stays open.
///
/// The kernel decides by version how much there is to give up:
///   1 (Linux 5.13)  reading, executing, writing, creating and removing files
///   2 (5.19)        linking and renaming from folder to folder, which version 1 always denies
///   3 (6.2)         truncating
///   4 (6.7)         TCP: connecting, and binding a port
///   5 (6.10)        ioctl of devices
///   6 (6.12)        signals, and abstract sockets, to processes outside
/// Landlock has nothing for other changes: the mode, owner and attributes of files, UDP, or sockets that have a path.
///
/// The object is made before fork(2); restrict_self() is safe between fork (or vfork) and execve. Move-only.
class Landlock {
public:
    enum class Deny {
        changes,    ///< files stay readable and executable
        everything  ///< they do not
    };

    /// What this kernel offers; 0 is nothing, also where it is disabled.
    static int version();

    enum class Tcp { denied, allowed };

    /// Denies all that the kernel can deny, apart from what allow_… adds. Throws std::system_error (EOPNOTSUPP, ENOSYS)
    /// where there is no Landlock.
    explicit Landlock(Deny deny, Tcp tcp = Tcp::denied);

    /// A file, or a folder and all below it; a path that does not exist is left out. A symbolic link is followed now.
    Landlock& allow_reading(const std::string& path);
    Landlock& allow_changes(const std::string& path);  ///< reading included
    Landlock& allow_execution(const std::string& path);

    /// Applies it to the calling thread. Returns 0 or an errno value.
    [[nodiscard]] int restrict_self() const noexcept;

private:
    void allow(const std::string& path, std::uint64_t rights);

    std::uint64_t denied_;
    Descriptor rules_;
};

}  // namespace uhost
