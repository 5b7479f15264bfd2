#include "host/lua/stop_hook.hpp"

#include <sys/time.h>

#include <cstddef>
#include <iterator>
#include <mutex>
#include <utility>

namespace uhost {
namespace {

// Of the hook mask: the profiler wants a sample.
constexpr unsigned char profiler_bit = 0x80;

// The main thread is the first member of what LuaJIT allocates for a state, the global state with the mask the second.
constexpr std::size_t searched_bytes = 1024;

void ignore_event(lua_State*, lua_Debug*) {}
void ignore_sample(void*, lua_State*, int, int) {}

constexpr std::size_t nowhere = searched_bytes;

// Where the one byte is that takes every mask that lua_sethook() is given.
std::size_t find_hook_mask(lua_State* L) {
    constexpr int masks[] = {LUA_MASKCALL, LUA_MASKRET, LUA_MASKLINE, LUA_MASKCOUNT, LUA_MASKLINE | LUA_MASKCOUNT};
    auto* const bytes = reinterpret_cast<volatile unsigned char*>(L);
    unsigned char matches[searched_bytes] = {};
    for (const int mask : masks) {
        lua_sethook(L, ignore_event, mask, 1000);
        for (std::size_t i = 0; i < searched_bytes; ++i) matches[i] += bytes[i] == mask ? 1 : 0;
    }
    lua_sethook(L, nullptr, 0, 0);
    auto found = nowhere;
    for (std::size_t i = 0; i < searched_bytes; ++i) {
        if (matches[i] != std::size(masks) || bytes[i] != 0) continue;
        if (found != nowhere) return nowhere;
        found = i;
    }
    return found;
}

// It is at the same place in every state of a process.
volatile unsigned char* hook_mask_of(lua_State* L) {
    static const std::size_t place = find_hook_mask(L);
    auto* const bytes = reinterpret_cast<volatile unsigned char*>(L);
    return place == nowhere || bytes[place] != 0 ? nullptr : bytes + place;
}

// LuaJIT notes the mode for its compiler before it sees that another state is being profiled, and leaves it at that. The
// profiler is on for this call only, with an interval that never ends; its timer and its handler of SIGPROF are as they
// were afterwards. A script that uses the profiler itself (jit.p) switches the mode off.
void compile_with_checks(lua_State* L) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    static lua_State* const profiled = luaL_newstate();  // lives as long as the process
    if (profiled == nullptr) return;
    itimerval timer{};
    getitimer(ITIMER_PROF, &timer);
    luaJIT_profile_start(profiled, "i1000000000", ignore_sample, nullptr);
    luaJIT_profile_start(L, "l", ignore_sample, nullptr);
    luaJIT_profile_stop(profiled);
    if (timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0) setitimer(ITIMER_PROF, &timer, nullptr);
}

// What jit.status() answers; a script may have switched it off itself.
bool compiler_is_on(lua_State* L) {
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    lua_getfield(L, -1, "jit");
    bool on = false;
    if (lua_istable(L, -1)) {
        lua_getfield(L, -1, "status");
        on = lua_pcall(L, 0, 1, 0) == 0 && lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
    return on;
}

}  // namespace

StopHook::StopHook(lua_State* L) : L_(L), hook_mask_(hook_mask_of(L)) {
    if (hook_mask_ != nullptr) compile_with_checks(L);
}

// Not while lua_sethook() and the like run: they would have the interpreter hand the sample to the profiler, which takes the
// wish for it back.
void StopHook::want_sample(bool wanted) {
    if (hook_mask_ == nullptr) return;
    *hook_mask_ = wanted ? *hook_mask_ | profiler_bit : *hook_mask_ & ~profiler_bit;
}

void StopHook::arm(lua_Hook hook) {
    armed_ = true;
    want_sample(false);
    lua_sethook(L_, hook, LUA_MASKCOUNT, 1);
    want_sample(true);
}

void StopHook::again_after(int instructions) {
    want_sample(false);
    if (!switched_off_ && compiler_is_on(L_)) {
        switched_off_ = true;
        luaJIT_setmode(L_, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
        luaJIT_setmode(L_, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_FLUSH);
    }
    if (lua_gethookcount(L_) != instructions) lua_sethook(L_, lua_gethook(L_), LUA_MASKCOUNT, instructions);
}

void StopHook::disarm() {
    armed_ = false;
    want_sample(false);
    lua_sethook(L_, counting_, counting_ != nullptr ? LUA_MASKCOUNT : 0, counted_instructions_);
    if (std::exchange(switched_off_, false)) luaJIT_setmode(L_, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_ON);
}

void StopHook::count(lua_Hook hook, int instructions) {
    counting_ = hook;
    counted_instructions_ = instructions;
    luaJIT_setmode(L_, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
    disarm();
}

}  // namespace uhost
