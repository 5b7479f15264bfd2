#include "api/json/binding_values.hpp"

namespace uhost::json {
namespace {

const char array_metatable = 0;  // its address names the metatable in the registry

}  // namespace

void push_array_metatable(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&array_metatable));
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "json.array");
    lua_setfield(L, -2, "__metatable");
    lua_pushlightuserdata(L, const_cast<char*>(&array_metatable));
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

bool is_array(lua_State* L, int index) {
    if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return false;
    push_array_metatable(L);
    const bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

}  // namespace uhost::json
