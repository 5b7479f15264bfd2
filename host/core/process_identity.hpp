#pragma once

#include <cstdint>
#include <string>

namespace uhost {

/// Which process of which machine, for what processes write into a place that they share, and may leave behind when
/// they are killed. Numbers of processes come again; with the rest, they do not.
struct ProcessIdentity {
    std::string machine;     ///< its name, for people
    std::string scope;       ///< where `pid` means something: this start of the machine, this container; may be empty
    std::int64_t pid = 0;
    std::int64_t began = 0;  ///< clock ticks since the machine started; 0 where that is not known
};

/// The name of this machine, for people.
std::string machine_name();

ProcessIdentity this_process();

/// Whether the process ran in the scope of this one, and runs no more. False where nobody here can tell.
bool is_gone(const ProcessIdentity& process);

}  // namespace uhost
