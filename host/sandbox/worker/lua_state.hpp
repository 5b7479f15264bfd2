#pragma once

#include <cstddef>
#include <cstdint>
#include <lua.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/sandbox/protocol.hpp"

namespace uhost::sandbox {

/// A Lua state that holds at most so much memory, runs no machine code, and can be stopped.
class LimitedState {
public:
    explicit LimitedState(std::size_t memory_bytes);
    ~LimitedState();
    LimitedState(const LimitedState&) = delete;
    LimitedState& operator=(const LimitedState&) = delete;

    lua_State* raw() const { return L_; }

    /// From now on, code may run for so long; then every instruction but a few raises, whatever handles errors. Where
    /// the machine is busy, it is the processor's time that counts, up to `busy_machine` times as long.
    void start_clock(std::uint64_t deadline_ms);
    void stop_clock();
    /// Whether the time ran out since start_clock().
    bool out_of_time() const { return out_of_time_; }
    /// Whether memory was refused since start_clock().
    bool out_of_memory() const { return out_of_memory_; }
    std::uint64_t deadline_ms() const { return deadline_ms_; }

    /// A line that ran, and how often.
    struct Step {
        std::string chunk_name;
        int line = 0;
        std::uint64_t count = 0;
    };
    /// Whether the lines that run are noted, from start_clock() on; 10,000 different ones at most.
    void trace_lines(bool on);
    /// In the order in which each ran first.
    const std::vector<Step>& steps() const { return steps_; }

    static LimitedState& of(lua_State* L);

private:
    static void* allocate(void* self, void* block, std::size_t old_size, std::size_t new_size);
    static void on_hook(lua_State* L, lua_Debug* debug);
    void note_line(lua_State* L, lua_Debug* debug);
    bool has_time() const;

    std::size_t max_bytes_, used_bytes_ = 0;
    bool out_of_memory_ = false, out_of_time_ = false;
    std::uint64_t deadline_ms_ = 0, ends_at_ns_ = 0, latest_end_ns_ = 0;
    std::uint64_t processor_ns_ = 0, processor_at_ = 0;  // the processor's time, and when it was read
    bool tracing_ = false;
    std::vector<Step> steps_;
    std::map<std::pair<std::string, int>, std::size_t> step_at_;
    lua_State* L_ = nullptr;
};

/// Nanoseconds of a clock that only goes forward.
std::uint64_t monotonic_ns();

}  // namespace uhost::sandbox
