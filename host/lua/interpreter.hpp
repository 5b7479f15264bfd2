#pragma once

#include <cstddef>
#include <lua.hpp>
#include <memory>

namespace uhost {

/// A Lua state of one's own, with a limit of memory; closed with this object. It opens no library.
///
/// An allocation beyond the limit fails, which Lua raises as "not enough memory". A failure outside of any protected
/// call throws Error("memory") where stock Lua would end the process.
class Interpreter {
public:
    /// A limit of 0 is none. Throws `memory`.
    explicit Interpreter(std::size_t memory_limit_bytes);
    ~Interpreter() { close(); }
    Interpreter(const Interpreter&) = delete;
    Interpreter& operator=(const Interpreter&) = delete;

    /// The one that `L`, any of its threads, belongs to.
    static Interpreter& of(lua_State* L);

    lua_State* state() const { return *state_; }
    /// Null once the interpreter is closed. Shared by what may outlive it.
    const std::shared_ptr<lua_State*>& shared_state() const { return state_; }
    std::size_t memory_limit_bytes() const { return memory_.limit; }

    /// Runs finalizers and frees all Lua values. Idempotent.
    void close();

private:
    // Counts what LuaJIT's own allocator hands out.
    struct Memory {
        lua_Alloc allocate = nullptr;
        void* pool = nullptr;
        std::size_t used = 0, limit = 0;
        bool exceeded = false;
    };
    static void* allocate(void* memory, void* block, std::size_t old_size, std::size_t new_size);

    Memory memory_;
    std::shared_ptr<lua_State*> state_ = std::make_shared<lua_State*>(nullptr);
};

/// A Lua value that is kept in the registry as long as this object lives. Thread of the interpreter only, where it may
/// also outlive the interpreter.
class Reference {
public:
    /// Pops the value at the top of `L`.
    explicit Reference(lua_State* L);
    ~Reference();
    Reference(const Reference&) = delete;
    Reference& operator=(const Reference&) = delete;

    void push(lua_State* L) const;

private:
    std::shared_ptr<lua_State*> state_;
    int number_;
};

}  // namespace uhost
