#include "host/lua/errors.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>

#include "host/core/excerpt.hpp"

namespace uhost::lua {
namespace {

// Its address names the metatable in the registry.
const char error_metatable = 0;

int error_tostring(lua_State* L) {
    lua_getfield(L, 1, "message");
    return 1;
}

int error_concat(lua_State* L) {
    for (int index : {1, 2}) {
        if (is_error(L, index)) {
            lua_getfield(L, index, "message");
        } else {
            lua_pushvalue(L, index);
        }
    }
    lua_concat(L, 2);
    return 1;
}

void push_metatable(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&error_metatable));
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 3);
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, error_concat);
    lua_setfield(L, -2, "__concat");
    lua_pushliteral(L, "uhost.Error");
    lua_setfield(L, -2, "__metatable");
    lua_pushlightuserdata(L, const_cast<char*>(&error_metatable));
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

void set_text(lua_State* L, const char* field, std::string_view text) {
    if (text.empty()) return;
    lua_pushlstring(L, text.data(), text.size());
    lua_setfield(L, -2, field);
}

std::string get_text(lua_State* L, int index, const char* field) {
    lua_getfield(L, index, field);
    std::size_t size = 0;
    const char* text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : nullptr;
    std::string value(text ? text : "", size);
    lua_pop(L, 1);
    return value;
}

void push_value(lua_State* L, const Error::Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        lua_pushlstring(L, text->data(), text->size());
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        lua_pushnumber(L, static_cast<lua_Number>(*integer));
    } else if (const auto* number = std::get_if<double>(&value)) {
        lua_pushnumber(L, *number);
    } else if (const auto* flag = std::get_if<bool>(&value)) {
        lua_pushboolean(L, *flag);
    } else {
        push_error(L, *std::get<std::shared_ptr<const Error>>(value));
    }
}

constexpr int max_causes = 8;  // an error may be its own cause

std::optional<Error::Value> read_value(lua_State* L, int index, int depth);

// The operands at the top of the stack, in the order of their names; popped.
void read_details(lua_State* L, Error& error, int depth) {
    if (lua_istable(L, -1)) {
        std::map<std::string, Error::Value> details;
        for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
            if (lua_type(L, -2) != LUA_TSTRING) continue;
            if (auto value = read_value(L, lua_gettop(L), depth)) details.emplace(lua_tostring(L, -2), std::move(*value));
        }
        for (auto& [name, value] : details) std::move(error).with(name, std::move(value));
    }
    lua_pop(L, 1);
}

Error read_table(lua_State* L, int index, int depth) {
    auto error = Error(get_text(L, index, "kind"), get_text(L, index, "message"))
                     .hint(get_text(L, index, "hint"))
                     .native(get_text(L, index, "native"));
    lua_getfield(L, index, "details");
    read_details(L, error, depth);
    return error;
}

// Nothing for lists and tables that are no errors.
std::optional<Error::Value> read_value(lua_State* L, int index, int depth) {
    switch (lua_type(L, index)) {
        case LUA_TSTRING: return std::string(lua_tostring(L, index), lua_objlen(L, index));
        case LUA_TNUMBER: return lua_tonumber(L, index);
        case LUA_TBOOLEAN: return static_cast<bool>(lua_toboolean(L, index));
        default: break;
    }
    if (depth == max_causes || !is_error(L, index) || !lua_checkstack(L, 8)) return std::nullopt;
    return std::make_shared<const Error>(read_table(L, index, depth + 1));
}

// "file.lua:12: text" as the interpreter and error() write it.
void split_position(std::string& message, std::string& where) {
    const auto end = message.find(": ");
    if (end == std::string::npos || end == 0) return;
    const auto colon = message.rfind(':', end - 1);
    if (colon == std::string::npos || colon + 1 >= end) return;
    if (message.find_first_not_of("0123456789", colon + 1) != end) return;
    where = message.substr(0, end);
    message.erase(0, end + 2);
}

std::string describe_value(lua_State* L, int index) {
    if (const char* text = lua_tostring(L, index)) return text;
    return std::string("a ") + luaL_typename(L, index) + " was raised as an error";
}

}  // namespace

bool is_host_chunk(const char* source) { return std::strncmp(source, "=uhost", 6) == 0; }

std::string caller_position(lua_State* L) {
    lua_Debug frame;
    for (int level = 0; lua_getstack(L, level, &frame); ++level) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.currentline > 0 && !is_host_chunk(frame.source)) {
            return std::string(frame.short_src) + ":" + std::to_string(frame.currentline);
        }
    }
    return {};
}

void push_error(lua_State* L, const Error& error) {
    lua_createtable(L, 0, 8);
    set_text(L, "kind", error.kind());
    set_text(L, "message", error.message());
    set_text(L, "hint", error.hint());
    set_text(L, "native", error.native());
    set_text(L, "where", caller_position(L));
    lua_pushinteger(L, static_cast<int>(exit_code_of(error.kind())));
    lua_setfield(L, -2, "exit_code");
    lua_createtable(L, 0, static_cast<int>(error.details().size()));
    for (const auto& [name, value] : error.details()) {
        push_value(L, value);
        lua_setfield(L, -2, name.c_str());
    }
    lua_setfield(L, -2, "details");
    push_metatable(L);
    lua_setmetatable(L, -2);
}

bool is_error(lua_State* L, int index) {
    if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return false;
    push_metatable(L);
    const bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

Raised read_error(lua_State* L, int index) {
    if (!is_error(L, index)) {
        std::string message = describe_value(L, index), where;
        split_position(message, where);
        return {Error("lua", message), where, ""};
    }
    if (index < 0) index = lua_gettop(L) + index + 1;
    return {read_table(L, index, 0), get_text(L, index, "where"), get_text(L, index, "traceback")};
}

Raised syntax_error(lua_State* L, std::string_view source, const std::string& path) {
    auto raised = read_error(L, -1);
    lua_pop(L, 1);
    auto error = Error("script", raised.error.message()).hint("the script does not compile; correct that line").with("path", path);
    const int line = std::atoi(raised.where.c_str() + raised.where.rfind(':') + 1);
    if (line > 0) {
        std::move(error).with("line", std::int64_t{line});
        auto shown = excerpt(source, line, raised.error.message());
        if (!shown.empty()) std::move(error).with("excerpt", std::move(shown));
    }
    // Lua shortens a long path.
    return {std::move(error), line > 0 ? fmt::format("{}:{}", path, line) : raised.where, ""};
}

void load(lua_State* L, std::string_view code, const std::string& name) {
    if (luaL_loadbufferx(L, code.data(), code.size(), ("=" + name).c_str(), "t") == 0) return;
    throw Error(syntax_error(L, code, name).error);
}

void call(lua_State* L, int arguments, int results) {
    if (lua_pcall(L, arguments, results, 0) == 0) return;
    auto raised = read_error(L, -1);
    lua_pop(L, 1);
    throw Error(std::move(raised.error));
}

void complete_error(lua_State* L, lua_State* thread) {
    if (!is_error(L, -1)) {
        const auto raised = read_error(L, -1);
        push_error(L, raised.error);
        set_text(L, "where", raised.where);
        lua_remove(L, -2);
    }
    if (!get_text(L, lua_gettop(L), "traceback").empty()) return;
    luaL_traceback(L, thread, nullptr, 0);
    lua_setfield(L, -2, "traceback");
}

}  // namespace uhost::lua
