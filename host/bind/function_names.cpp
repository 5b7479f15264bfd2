// What `tostring` says of functions.
#include <fmt/format.h>

#include <cstring>

#include "host/bind/object.hpp"

namespace uhost::bind {
namespace {

// The full name of the function at `index` if it is bound, or a method of a class; else "".
std::string name_of_function(lua_State* L, int index) {
    if (const auto name = bound_function_name(L, index); !name.empty()) return name;
    const int top = lua_gettop(L);
    std::string found;
    lua_getfield(L, LUA_REGISTRYINDEX, classes_key);
    const int classes = lua_gettop(L);
    if (lua_isnil(L, classes)) {  // there is no class yet
        lua_settop(L, top);
        return {};
    }
    for (lua_pushnil(L); found.empty() && lua_next(L, classes) != 0; lua_settop(L, classes + 1)) {
        const std::string owner = lua_tostring(L, -2);
        const int methods = lua_gettop(L);
        for (lua_pushnil(L); lua_next(L, methods) != 0; lua_settop(L, methods + 1)) {
            if (!lua_rawequal(L, -1, index) || lua_type(L, -2) != LUA_TSTRING) continue;
            found = owner + ":" + lua_tostring(L, -2);
            break;
        }
    }
    lua_settop(L, top);
    return found;
}

int describe_function(Call& call) {
    lua_State* L = call.state();
    if (!lua_isfunction(L, 1)) call.bad_argument(1, "function", "a function");
    const auto name = name_of_function(L, 1);
    if (name.empty()) return call.give(fmt::format("function: {}", lua_topointer(L, 1)));
    const char* colon = std::strchr(name.c_str(), ':');
    if (colon == nullptr) return call.give("function " + name);
    return call.give(fmt::format("method {} (call it with a colon: object:{}())", name, colon + 1));
}

constexpr Function describe_function_function{"tostring", describe_function};

}  // namespace

void name_functions(lua_State* L) {
    push_function(L, describe_function_function, "uhost");
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "function");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);  // of all functions
    lua_pop(L, 1);
}

}  // namespace uhost::bind
