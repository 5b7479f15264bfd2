#include "host/sandbox/worker/lua_state.hpp"

#include <cstdlib>
#include <ctime>
#include <new>

#include "host/sandbox/protocol.hpp"

namespace uhost::sandbox {
namespace {

constexpr int instructions_between_looks = 10'000;
constexpr int instructions_once_over = 100;
constexpr std::size_t max_steps = 10'000;
const char state_key = 0;

std::uint64_t clock_ns(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

std::uint64_t monotonic_ns() { return clock_ns(CLOCK_MONOTONIC); }

LimitedState::LimitedState(std::size_t memory_bytes) : max_bytes_(memory_bytes), L_(lua_newstate(allocate, this)) {
    if (L_ == nullptr) throw std::bad_alloc();
    luaJIT_setmode(L_, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
    lua_pushlightuserdata(L_, const_cast<char*>(&state_key));
    lua_pushlightuserdata(L_, this);
    lua_rawset(L_, LUA_REGISTRYINDEX);
}

LimitedState::~LimitedState() { lua_close(L_); }

LimitedState& LimitedState::of(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&state_key));
    lua_rawget(L, LUA_REGISTRYINDEX);
    auto& self = *static_cast<LimitedState*>(lua_touserdata(L, -1));
    lua_pop(L, 1);
    return self;
}

void* LimitedState::allocate(void* self, void* block, std::size_t old_size, std::size_t new_size) {
    auto& state = *static_cast<LimitedState*>(self);
    if (block == nullptr) old_size = 0;
    if (new_size == 0) {
        std::free(block);
        state.used_bytes_ -= old_size;
        return nullptr;
    }
    if (new_size > old_size && new_size - old_size > state.max_bytes_ - state.used_bytes_) {
        state.out_of_memory_ = true;
        return nullptr;
    }
    void* grown = std::realloc(block, new_size);
    if (grown == nullptr) {
        state.out_of_memory_ = true;
        return nullptr;
    }
    state.used_bytes_ += new_size - old_size;
    return grown;
}

void LimitedState::start_clock(std::uint64_t deadline_ms) {
    const auto deadline_ns = deadline_ms * 1'000'000, now = monotonic_ns();
    deadline_ms_ = deadline_ms;
    ends_at_ns_ = now + deadline_ns;
    latest_end_ns_ = now + busy_machine * deadline_ns;
    // Asking for it is a system call: of short items of a list, not at every one.
    if (processor_at_ == 0 || now - processor_at_ > deadline_ns / 4) {
        processor_at_ = now;
        processor_ns_ = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    }
    out_of_time_ = out_of_memory_ = false;
    lua_sethook(L_, on_hook, LUA_MASKCOUNT | (tracing_ ? LUA_MASKLINE : 0), instructions_between_looks);
}

void LimitedState::stop_clock() { lua_sethook(L_, nullptr, 0, 0); }

void LimitedState::trace_lines(bool on) {
    tracing_ = on;
    steps_.clear();
    step_at_.clear();
}

void LimitedState::note_line(lua_State* L, lua_Debug* debug) {
    lua_getinfo(L, "S", debug);
    if (debug->source[0] != '@') return;
    const auto [place, is_new] = step_at_.try_emplace({debug->source, debug->currentline}, steps_.size());
    if (is_new && steps_.size() == max_steps) {
        step_at_.erase(place);
        return;
    }
    if (is_new) steps_.push_back({debug->source, debug->currentline, 0});
    ++steps_[place->second].count;
}

bool LimitedState::has_time() const {
    const auto now = monotonic_ns();
    if (now < ends_at_ns_) return true;
    return now < latest_end_ns_ && clock_ns(CLOCK_PROCESS_CPUTIME_ID) - processor_ns_ < deadline_ms_ * 1'000'000;
}

// LuaJIT has one hook for all coroutines. Code that catches the error runs into it again at once.
void LimitedState::on_hook(lua_State* L, lua_Debug* debug) {
    auto& state = of(L);
    if (debug->event == LUA_HOOKLINE) return state.note_line(L, debug);
    if (!state.out_of_time_ && state.has_time()) return;
    if (!state.out_of_time_) lua_sethook(L, on_hook, LUA_MASKCOUNT, instructions_once_over);
    state.out_of_time_ = true;
    luaL_where(L, 1);
    lua_pushstring(L, too_long(state.deadline_ms_).c_str());
    lua_concat(L, 2);
    lua_error(L);
}

}  // namespace uhost::sandbox
