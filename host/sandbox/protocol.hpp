#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

/// What the host and its sandbox worker say to each other over one socket.
///
/// A frame is its operation (one byte), the length of what follows (four bytes, little-endian) and that: values as
/// plain_data.hpp writes them, one after the other. The host asks, one request at a time; the worker answers each with
/// `value` or `failure`, before which it may send any number of `source_wanted` (to be answered with `source` or
/// `no_source`) and `alive`.
///
///     load          chunk name and source of each layer, lowest    -> value: data, origins, then path, line and chunk
///                   first                                             name of each function
///     call          function, number of arguments, arguments       -> value: result, reason, line
///     trace         as call                                        -> value: as call, then chunk name, line and count
///                                                                     of each line that ran
///     map           function, list of argument lists               -> value: results
///     source_wanted name                                           -> source: chunk name, source | no_source: why
///     failure       kind, message, chunk name, line, item, remedy, subject; of a value that is not plain data,
///                   where it is and what is wrong with it
namespace uhost::sandbox {

enum class Operation : std::uint8_t {
    load = 'L',
    call = 'C',
    map = 'M',
    trace = 'T',
    source = 'S',
    no_source = 'N',
    value = 'V',
    failure = 'F',
    source_wanted = 'W',
    alive = 'A',
};

constexpr std::size_t frame_header_bytes = 5;
constexpr std::size_t max_frame_bytes = 64 << 20;

/// A deadline counts from the wall's clock where the worker gets its turn, and else so many times as long at most.
constexpr std::uint64_t busy_machine = 10;

/// What the host gives the worker at its start, as its only argument, in this order and separated by commas.
struct WorkerLimits {
    std::uint64_t memory_bytes = std::uint64_t{128} << 20;  ///< of Lua values
    std::uint64_t deadline_ms = 1000;                       ///< of a call, and of each item of a map
    bool all_layers = false;  ///< the worker ends by itself when the kernel refuses one
};

/// What is said of rules that ran beyond their deadline.
inline std::string too_long(std::uint64_t deadline_ms) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "it took longer than %g s", static_cast<double>(deadline_ms) / 1000);
    return text.data();
}

/// What keeps a worker in, as it says itself in its first frame, in this order.
struct Layers {
    bool descriptors = false;   ///< all but the socket are closed
    bool limits = false;        ///< address space, processor time, files, processes
    bool user = false;          ///< not root, and no capabilities
    bool privileges = false;    ///< PR_SET_NO_NEW_PRIVS, not dumpable
    bool files = false;         ///< a Landlock ruleset that allows none
    bool system_calls = false;  ///< the seccomp filter

    static constexpr std::size_t count = 6;
    static constexpr const char* names[count]{"descriptors", "limits", "user", "privileges", "files", "system_calls"};
    bool& at(std::size_t position) {
        bool* const all[count]{&descriptors, &limits, &user, &privileges, &files, &system_calls};
        return *all[position];
    }
};

}  // namespace uhost::sandbox
