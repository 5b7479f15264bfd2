// Writes a header with a Lua file as a uhost::lua::Chunk, at build time.
//
//     lua_chunk NAME FILE.lua HEADER      NAME_chunk is called "=uhost NAME" in messages
#include <fstream>
#include <iostream>
#include <iterator>
#include <lua.hpp>
#include <string>

namespace {

int append(lua_State*, const void* bytes, std::size_t size, void* text) {
    static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), size);
    return 0;
}

void write_bytes(std::ostream& out, const std::string& bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) out << (i % 32 == 0 ? "\n    " : "") << int{bytes[i]} << ',';
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) return 2;
    std::ifstream file(arguments[2]);
    const std::string source{std::istreambuf_iterator<char>(file), {}};
    const std::string name = arguments[1];
    auto spoken = "=uhost " + name;
    for (auto& c : spoken) c = c == '_' ? ' ' : c;
    lua_State* L = luaL_newstate();
    if (luaL_loadbuffer(L, source.data(), source.size(), spoken.c_str()) != 0) {
        std::cerr << arguments[2] << ": " << lua_tostring(L, -1) << "\n";
        return 1;
    }
    std::string bytecode;
    lua_dump(L, append, &bytecode);
    lua_close(L);
    std::ofstream out(arguments[3]);
    out << "#pragma once\n#include \"host/lua/chunk.hpp\"\nnamespace uhost {\ninline constexpr char " << name
        << "_bytecode[] = {";
    write_bytes(out, bytecode);
    out << "};\ninline constexpr lua::Chunk " << name << "_chunk{\"" << spoken << "\", {" << name << "_bytecode, "
        << bytecode.size() << "}, R\"lua(" << source << ")lua\"};\n}\n";
    return out.good() ? 0 : 1;
}
