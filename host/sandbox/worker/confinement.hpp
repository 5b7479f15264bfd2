#pragma once

#include <cstdint>

namespace uhost::sandbox {

/// Gives up, for good, everything that evaluating rules does not need: other descriptors, the environment, files,
/// processes, core dumps, memory without bound, new privileges, and all system calls but a handful. `memory_bytes` is
/// what Lua may use; the address space gets room for frames beside it.
///
/// What the kernel refuses (no seccomp in this container, say) is left out: confined() says what holds.
struct Confinement {
    bool descriptors = false;    ///< all but the socket are closed
    bool limits = false;         ///< address space, processor time, files, processes
    bool no_privileges = false;  ///< PR_SET_NO_NEW_PRIVS, not dumpable
    bool system_calls = false;   ///< the seccomp filter
};

Confinement confine(std::uint64_t memory_bytes);

}  // namespace uhost::sandbox
