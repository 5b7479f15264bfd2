#pragma once

#include <cstdint>

#include "host/sandbox/protocol.hpp"

namespace uhost::sandbox {

/// Gives up, for good, everything that evaluating rules does not need: other descriptors, the environment, files,
/// processes, core dumps, memory without bound, root's rights, new privileges, and all system calls but a handful, which
/// leaves no way to new namespaces either. `memory_bytes` is what Lua may use; the address space gets some more for
/// frames beside it. Where the machine runs out of memory, the kernel ends this process first.
///
/// What the kernel refuses (no seccomp in this container, say) is left out; the result says what holds.
Layers confine(std::uint64_t memory_bytes);

}  // namespace uhost::sandbox
