// Lua files that were compiled when uhost was built.
#include <catch2/catch.hpp>
#include <fstream>

#include "host/modules/compiled_files.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;

namespace {

const std::string source = "local x = 1\nerror('raised')\nreturn x\n";

void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

/// A LuaJIT, and a share folder with `a.lua` and what it was compiled to.
struct World {
    TemporaryFolder folder;
    std::filesystem::path share = folder.path() / "share", file = share / "scripts/a.lua", cache = share / "cache/lua";
    lua_State* L = luaL_newstate();

    World() {
        luaL_openlibs(L);
        write(file, source);
        write(cache, compiled(evaluated("jit.version"), evaluated("string.dump(loadstring(...))")));
    }
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World() { lua_close(L); }

    std::string evaluated(const std::string& expression) {
        REQUIRE(luaL_loadstring(L, ("return " + expression).c_str()) == 0);
        lua_pushlstring(L, source.data(), source.size());
        REQUIRE(lua_pcall(L, 1, 1, 0) == 0);
        std::size_t size = 0;
        const char* text = lua_tolstring(L, -1, &size);
        std::string value(text, size);
        lua_pop(L, 1);
        return value;
    }

    std::string compiled(const std::string& version, const std::string& code) {
        return "uhost lua 1 " + version + " " + evaluated("jit.arch") + "\nscripts/a.lua\t" +
               std::to_string(source.size()) + "\t" + std::to_string(code.size()) + "\n\n" + source + code;
    }

    bool is_known() {
        const auto top = lua_gettop(L);
        CompiledFiles files(share);
        const bool known = files.push(L, file, "@" + file.string());
        CHECK(lua_gettop(L) == top + (known ? 1 : 0));
        lua_settop(L, top);
        return known;
    }
};

}  // namespace

TEST_CASE("a compiled Lua file is named as where it is, and places its errors there", "[host]") {
    World world;
    CompiledFiles files(world.share);
    REQUIRE(files.push(world.L, world.file, "@" + world.file.string()));
    REQUIRE(lua_pcall(world.L, 0, 0, 0) != 0);
    CHECK(std::string(lua_tostring(world.L, -1)).ends_with("scripts/a.lua:2: raised"));
}

TEST_CASE("a compiled Lua file is unknown once it is edited, gone, or for another LuaJIT", "[host]") {
    World world;
    CHECK(world.is_known());
    write(world.file, source + " ");
    CHECK_FALSE(world.is_known());
    std::filesystem::remove(world.file);
    CHECK_FALSE(world.is_known());
    write(world.file, source);
    write(world.cache, world.compiled("LuaJIT 9", "x"));
    CHECK_FALSE(world.is_known());
}

TEST_CASE("what Lua files were compiled to may be damaged or absent", "[host]") {
    World world;
    const auto version = world.evaluated("jit.version"), code = world.evaluated("string.dump(loadstring(...))");
    const auto whole = world.compiled(version, code);
    for (const auto size : {whole.size() - 1, whole.size() / 2, std::size_t{40}, std::size_t{10}}) {
        write(world.cache, whole.substr(0, size));
        CHECK_FALSE(world.is_known());
    }
    for (const std::string other : {"", "\x1bLJ", "\x1bLJ\x02", "\x1bLJ\x02\x08\xff\xff\xff\xff\x7f", "return 1"}) {
        write(world.cache, world.compiled(version, other));
        CHECK_FALSE(world.is_known());
    }
    std::filesystem::remove(world.cache);
    CHECK_FALSE(world.is_known());
}
