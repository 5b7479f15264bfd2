#pragma once

#include <lua.hpp>

namespace uhost::json {

/// `json.null`: the null pointer, which other JSON libraries for LuaJIT use as well.
inline void push_null(lua_State* L) { lua_pushlightuserdata(L, nullptr); }
inline bool is_null(lua_State* L, int index) {
    return lua_type(L, index) == LUA_TLIGHTUSERDATA && lua_touserdata(L, index) == nullptr;
}

/// The metatable that marks a table as an array, so that an empty one stays an array.
void push_array_metatable(lua_State* L);
/// Whether the table at `index` carries that mark.
bool is_array(lua_State* L, int index);

}  // namespace uhost::json
