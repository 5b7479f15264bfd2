#include "host/bind/module.hpp"

#include <cstring>
#include <exception>

#include "host/lua/errors.hpp"
#include "host/bind/object.hpp"
#include "host/task/scheduler.hpp"

namespace uhost::bind {
namespace {

constexpr int raise = -2;

// Upvalues of every bound function: the Function record and its full name. Of `finish`: only its name.
constexpr int record_upvalue = lua_upvalueindex(1);
constexpr int name_upvalue = lua_upvalueindex(2);

// Runs `body`, turning a C++ exception into an error value on the stack. Lua's own unwinding is not a std::exception
// and passes through, running destructors. All C++ objects are gone when it returns.
template <class Body>
int guarded(lua_State* L, const Body& body) {
    try {
        return body();
    } catch (const Error& error) {
        lua::push_error(L, error);
    } catch (const lua::RaisedValue& value) {
        value.push(L);
    } catch (const std::bad_alloc&) {
        lua::push_error(L, Error("memory", "out of memory"));
    } catch (const std::exception& error) {
        lua::push_error(L, Error("internal", std::string("unexpected failure: ") + error.what())
                          .hint("this is a defect in uhost; please report it with the script line"));
    }
    return raise;
}

int run_bound(lua_State* L) {
    return guarded(L, [L] {
        Call call(L);
        return running_record(L)->run(call);
    });
}

int trampoline(lua_State* L) {
    const int results = run_bound(L);
    if (results == raise) return lua_error(L);
    if (results == Scheduler::yielding) return lua_yield(L, Scheduler::push_wait_mark(L));
    return results;
}

// Second half of a waiting function: pushes what the wait brought, or hands on what `start` returned at once.
int run_finish(lua_State* L) {
    return guarded(L, [L]() -> int {
        const int at_once = lua_gettop(L);
        if (!Scheduler::resumed_from_wait(L)) return at_once;
        lua_settop(L, 0);
        return Scheduler::of(L).take_results()(L);
    });
}

int finish_trampoline(lua_State* L) {
    const int results = run_finish(L);
    if (results == raise) return lua_error(L);
    return results;
}

// LuaJIT has no continuations for C functions, so a waiting function is a Lua closure around two C functions: the
// yield happens between them, and errors are raised by the second with the script's own stack below it.
constexpr char waiting_chunk_name[] = "=uhost wait";
constexpr char waiting_chunk[] =
    "local start, finish = ...\n"
    "return function(...) return finish(start(...)) end\n";

void push_waiting(lua_State* L, std::string_view name) {
    if (luaL_loadbuffer(L, waiting_chunk, sizeof waiting_chunk - 1, waiting_chunk_name) != 0) lua_error(L);
    lua_insert(L, -2);
    lua_pushlightuserdata(L, nullptr);
    lua_pushlstring(L, name.data(), name.size());
    lua_pushcclosure(L, finish_trampoline, 2);
    lua_call(L, 2, 1);
}

// Whether the value at the top of the stack is what push_waiting made.
bool is_waiting_closure(lua_State* L) {
    if (!lua_isfunction(L, -1) || lua_iscfunction(L, -1)) return false;
    lua_Debug info{};
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &info);
    return std::strcmp(info.source, waiting_chunk_name) == 0;
}

// Adds the function at the top of the stack to the table of those that change something.
void register_changing(lua_State* L, const std::string& name) {
    lua_getfield(L, LUA_REGISTRYINDEX, changing_functions);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, LUA_REGISTRYINDEX, changing_functions);
    }
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, name.c_str());
    lua_pop(L, 1);
}

}  // namespace

void push_function(lua_State* L, const Function& function, std::string_view owner, char separator, int upvalues) {
    const std::string name = std::string(owner) + separator + function.name;
    lua_pushlightuserdata(L, const_cast<Function*>(&function));
    lua_pushlstring(L, name.data(), name.size());
    for (int moved = 0; moved < 2; ++moved) lua_insert(L, -upvalues - 2);
    lua_pushcclosure(L, trampoline, 2 + upvalues);
    if (function.waits == Waits::yes) push_waiting(L, name);
    if (function.effect == Effect::changes) register_changing(L, name);
}

int module(lua_State* L, const char* name, std::span<const Function> functions,
           std::initializer_list<const ObjectType*> classes) {
    lua_createtable(L, 0, static_cast<int>(functions.size() + classes.size()));
    for (const auto& function : functions) {
        push_function(L, function, name);
        lua_setfield(L, -2, function.name);
    }
    for (const auto* type : classes) {
        push_class(L, *type);
        lua_setfield(L, -2, std::strrchr(type->name, '.') + 1);
    }
    return 1;
}

std::string running_function(lua_State* L) {
    const char* name = lua_tostring(L, name_upvalue);
    return name ? name : "?";
}

std::string bound_function_name(lua_State* L, int index) {
    const int top = lua_gettop(L);
    lua_pushvalue(L, index);
    if (is_waiting_closure(L)) {  // its first half has the name
        for (int upvalue = 1; lua_getupvalue(L, top + 1, upvalue) != nullptr; ++upvalue) {
            if (lua_tocfunction(L, -1) == trampoline) break;
        }
    }
    std::string name;
    if (lua_tocfunction(L, -1) == trampoline && lua_getupvalue(L, -1, 2) != nullptr) name = lua_tostring(L, -1);
    lua_settop(L, top);
    return name;
}

const Function* running_record(lua_State* L) { return static_cast<const Function*>(lua_touserdata(L, record_upvalue)); }

}  // namespace uhost::bind
