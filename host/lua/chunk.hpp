#pragma once

#include <lua.hpp>
#include <string_view>

namespace uhost::lua {

/// The host's own Lua, which every host runs when it is made: compiled at build time, since reading its text would take
/// half of what making a host takes. Made by uhost_lua_chunk (host/cmake/UhostBuild.cmake).
struct Chunk {
    const char* name;  ///< "=uhost …", which marks it as the host's own
    std::string_view bytecode, source;
};

/// Calls a chunk with the `arguments` at the top of the stack, and pops them. Its text is read where LuaJIT is another
/// one than at build time and refuses the bytecode.
void run_chunk(lua_State* L, const Chunk& chunk, int arguments);

}  // namespace uhost::lua
