#include "host/lua/interpreter.hpp"

#include "host/core/error.hpp"

namespace uhost {
namespace {

// What handling the failure may take beyond the limit: the error's value, a traceback, clean-up.
constexpr std::size_t reserve_bytes = 4 << 20;

// Its address names the interpreter in the registry.
const char interpreter_key = 0;

int fail_unprotected(lua_State* L) {
    const char* message = lua_tostring(L, -1);
    throw Error("memory", message != nullptr ? message : "Lua failed outside of any protected call");
}

}  // namespace

Interpreter::Interpreter(std::size_t memory_limit_bytes) {
    lua_State* L = luaL_newstate();
    if (L == nullptr) throw Error("memory", "out of memory");
    *state_ = L;
    memory_.limit = memory_limit_bytes;
    memory_.used = static_cast<std::size_t>(lua_gc(L, LUA_GCCOUNT, 0)) * 1024;
    memory_.allocate = lua_getallocf(L, &memory_.pool);
    if (memory_.limit > 0) lua_setallocf(L, allocate, &memory_);
    lua_atpanic(L, fail_unprotected);
    lua_pushlightuserdata(L, const_cast<char*>(&interpreter_key));
    lua_pushlightuserdata(L, this);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

Interpreter& Interpreter::of(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&interpreter_key));
    lua_rawget(L, LUA_REGISTRYINDEX);
    auto* interpreter = static_cast<Interpreter*>(lua_touserdata(L, -1));
    lua_pop(L, 1);
    return *interpreter;
}

void Interpreter::close() {
    lua_State* L = *state_;
    if (L == nullptr) return;
    // Finalizers must not fail for want of memory, and LuaJIT frees its pool at once when it finds its own allocator.
    lua_setallocf(L, memory_.allocate, memory_.pool);
    lua_close(L);
    *state_ = nullptr;
}

void* Interpreter::allocate(void* memory, void* block, std::size_t old_size, std::size_t new_size) {
    auto& self = *static_cast<Memory*>(memory);
    const auto limit = self.limit + (self.exceeded ? reserve_bytes : 0);
    if (new_size > old_size && self.used + (new_size - old_size) > limit) {
        self.exceeded = true;
        return nullptr;
    }
    void* const moved = self.allocate(self.pool, block, old_size, new_size);
    if (moved != nullptr || new_size == 0) self.used += new_size - old_size;
    return moved;
}

Reference::Reference(lua_State* L) : state_(Interpreter::of(L).shared_state()), number_(luaL_ref(L, LUA_REGISTRYINDEX)) {}

Reference::~Reference() {
    if (*state_ != nullptr) luaL_unref(*state_, LUA_REGISTRYINDEX, number_);
}

void Reference::push(lua_State* L) const { lua_rawgeti(L, LUA_REGISTRYINDEX, number_); }

}  // namespace uhost
