#include "host/lua/chunk.hpp"

#include "host/lua/errors.hpp"

namespace uhost::lua {
namespace {

bool load(lua_State* L, std::string_view code, const char* name) {
    return luaL_loadbuffer(L, code.data(), code.size(), name) == 0;
}

}  // namespace

void run_chunk(lua_State* L, const Chunk& chunk, int arguments) {
    if (!load(L, chunk.bytecode, chunk.name)) {
        lua_pop(L, 1);
        if (!load(L, chunk.source, chunk.name)) throw read_error(L, -1).error;
    }
    lua_insert(L, -arguments - 1);
    lua_call(L, arguments, 0);
}

}  // namespace uhost::lua
