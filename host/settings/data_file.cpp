#include "host/settings/data_file.hpp"

#include <fmt/format.h>

#include <lua.hpp>

#include "host/core/error.hpp"
#include "host/core/file.hpp"
#include "host/lua/interpreter.hpp"

namespace uhost {
namespace {

constexpr std::size_t max_file_bytes = 1 << 20;
constexpr std::size_t max_memory_bytes = 16 << 20;
constexpr int max_depth = 16;

class Reader {
public:
    Reader(lua_State* L, const std::filesystem::path& file) : L_(L), file_(file) {}

    void read_table(const std::string& prefix, int depth) {
        if (depth > max_depth || !lua_checkstack(L_, 4)) fail("is nested too deeply", prefix);
        lua_pushnil(L_);
        while (lua_next(L_, -2) != 0) {
            read_value(prefix + key_at(-2, prefix), depth);
            lua_pop(L_, 1);
        }
    }

    SettingValues take() { return std::move(values_); }

private:
    void read_value(const std::string& name, int depth) {
        switch (lua_type(L_, -1)) {
            case LUA_TTABLE: return read_table(name + ".", depth + 1);
            case LUA_TSTRING: values_[name] = std::string(lua_tostring(L_, -1), lua_objlen(L_, -1)); return;
            case LUA_TNUMBER: values_[name] = lua_tonumber(L_, -1); return;
            case LUA_TBOOLEAN: values_[name] = static_cast<bool>(lua_toboolean(L_, -1)); return;
            default: fail(fmt::format("is a {}, not plain data", luaL_typename(L_, -1)), name);
        }
    }

    std::string key_at(int index, const std::string& prefix) {
        if (lua_type(L_, index) == LUA_TSTRING) return {lua_tostring(L_, index), lua_objlen(L_, index)};
        if (lua_type(L_, index) == LUA_TNUMBER) return fmt::format("{}", lua_tonumber(L_, index));
        fail("has a key that is neither a name nor a number", prefix);
    }

    [[noreturn]] void fail(const std::string& what, const std::string& name) {
        throw Error("settings", fmt::format("{}: '{}' {}", file_.string(), name, what))
            .hint("settings are strings, numbers, true or false, and tables of them");
    }

    lua_State* L_;
    const std::filesystem::path& file_;
    SettingValues values_;
};

}  // namespace

SettingValues leaves_of(lua_State* L, const std::filesystem::path& file) {
    if (!lua_istable(L, -1)) {
        throw Error("settings", fmt::format("{}: it returns a {}, not a table", file.string(), luaL_typename(L, -1)))
            .hint("return { github = { cache = true } }");
    }
    Reader reader(L, file);
    reader.read_table("", 1);
    return reader.take();
}

SettingValues read_data_file(const std::filesystem::path& file) {
    const auto text = read_file(file, max_file_bytes);
    const Interpreter interpreter(max_memory_bytes);
    lua_State* L = interpreter.state();
    luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
    const auto chunk_name = "@" + file.string();
    if (luaL_loadbufferx(L, text.data(), text.size(), chunk_name.c_str(), "t") != 0 || lua_pcall(L, 0, 1, 0) != 0) {
        throw Error("settings", lua_tostring(L, -1)).hint("the installation is damaged; build or install uhost again");
    }
    return leaves_of(L, file);
}

}  // namespace uhost
