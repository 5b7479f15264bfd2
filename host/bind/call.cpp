#include "host/bind/call.hpp"

#include <fmt/format.h>

#include <cmath>

#include "host/bind/module.hpp"
#include "host/core/suggest.hpp"

namespace uhost::bind {
namespace {

constexpr double exact_integers = 9007199254740992.0;  // 2^53

bool is_exact_integer(double value) { return std::floor(value) == value && std::fabs(value) <= exact_integers; }

}  // namespace

std::string value_type_name(lua_State* L, int index) {
    if (lua_isnone(L, index)) return "nothing";
    const int type = lua_type(L, index);
    if ((type == LUA_TUSERDATA || type == LUA_TTABLE) && luaL_getmetafield(L, index, "__metatable") != 0) {
        std::string name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : luaL_typename(L, index);
        lua_pop(L, 1);
        return name;
    }
    return luaL_typename(L, index);
}

void check_known_options(lua_State* L, int index, std::string_view owner, std::span<const std::string_view> known) {
    for (lua_pushnil(L); lua_next(L, index) != 0;) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING) {
            throw Error("argument", fmt::format("options to '{}' are named by strings, got a {}", owner,
                                                luaL_typename(L, -1)))
                .hint(did_you_mean("", known));
        }
        const std::string key = lua_tostring(L, -1);
        if (std::ranges::find(known, key) == known.end()) {
            throw Error("argument", fmt::format("unknown option '{}' to '{}'", key.substr(0, 100), owner))
                .hint(did_you_mean(key, known))
                .with("option", key);
        }
    }
}

void Call::bad_argument(int index, const char* name, std::string_view expected) const {
    const auto got = value_type_name(L_, index);
    throw Error("argument", fmt::format("bad argument #{} '{}' to '{}': expected {}, got {}", index, name,
                                        running_function(L_), expected, got))
        .with("argument", std::string(name))
        .with("expected", std::string(expected));
}

void Call::bad_item(int index, const char* name, std::size_t item, std::string_view expected) const {
    throw Error("argument", fmt::format("bad argument #{} '{}' to '{}': item {} is a {}, expected {}", index, name,
                                        running_function(L_), item, value_type_name(L_, -1), expected))
        .with("argument", std::string(name))
        .with("item", static_cast<std::int64_t>(item));
}

std::string_view Call::text(int index, const char* name) const {
    if (lua_type(L_, index) != LUA_TSTRING) bad_argument(index, name, "a string");
    std::size_t size = 0;
    const char* data = lua_tolstring(L_, index, &size);
    return {data, size};
}

std::string_view Call::text_or(int index, const char* name, std::string_view fallback) const {
    return absent(index) ? fallback : text(index, name);
}

std::int64_t Call::integer(int index, const char* name, std::int64_t least, std::int64_t most) const {
    const double value = number(index, name);
    if (!is_exact_integer(value)) bad_argument(index, name, "a whole number");
    const auto integer = static_cast<std::int64_t>(value);
    if (integer < least || integer > most) {
        const auto range = most == INT64_MAX ? fmt::format("a whole number of at least {}", least)
                                             : fmt::format("a whole number from {} to {}", least, most);
        throw Error("argument", fmt::format("bad argument #{} '{}' to '{}': expected {}, got {}", index, name,
                                            running_function(L_), range, integer));
    }
    return integer;
}

std::int64_t Call::integer_or(int index, const char* name, std::int64_t fallback) const {
    return absent(index) ? fallback : integer(index, name);
}

double Call::number(int index, const char* name) const {
    if (lua_type(L_, index) != LUA_TNUMBER) bad_argument(index, name, "a number");
    const double value = lua_tonumber(L_, index);
    if (std::isnan(value)) bad_argument(index, name, "a number other than NaN");
    return value;
}

bool Call::boolean_or(int index, const char* name, bool fallback) const {
    if (absent(index)) return fallback;
    if (!lua_isboolean(L_, index)) bad_argument(index, name, "a boolean");
    return lua_toboolean(L_, index);
}

void Call::function(int index, const char* name) const {
    if (!lua_isfunction(L_, index)) bad_argument(index, name, "a function");
}

void Call::table(int index, const char* name) const {
    if (!lua_istable(L_, index)) bad_argument(index, name, "a table");
}

Fields Call::fields(int index, const char* name, std::initializer_list<std::string_view> known) const {
    if (absent(index)) return Fields(*this, 0, name);
    if (!lua_istable(L_, index)) bad_argument(index, name, "a table of options");
    check_known_options(L_, index, running_function(L_), std::span(known.begin(), known.size()));
    return Fields(*this, index, name);
}

Call& Call::push(std::nullptr_t) {
    lua_pushnil(L_);
    return *this;
}

Call& Call::push(bool value) {
    lua_pushboolean(L_, value);
    return *this;
}

Call& Call::push(double value) {
    lua_pushnumber(L_, value);
    return *this;
}

Call& Call::push(std::string_view value) {
    lua_pushlstring(L_, value.data(), value.size());
    return *this;
}

Call& Call::new_table(std::size_t items, std::size_t fields) {
    if (!lua_checkstack(L_, 8)) throw Error("lua", "a value is nested too deeply for Lua's stack");
    lua_createtable(L_, static_cast<int>(items), static_cast<int>(fields));
    return *this;
}

Call& Call::set(const char* key) {
    lua_setfield(L_, -2, key);
    return *this;
}

Call& Call::seti(int position) {
    lua_rawseti(L_, -2, position);
    return *this;
}

bool Fields::has(const char* key) const {
    if (!push_if_present(key)) return false;
    lua_pop(call_.state(), 1);
    return true;
}

int Fields::push_if_present(const char* key) const {
    if (index_ == 0) return 0;
    lua_getfield(call_.state(), index_, key);
    if (!lua_isnil(call_.state(), -1)) return 1;
    lua_pop(call_.state(), 1);
    return 0;
}

void Fields::push(const char* key) const {
    if (!push_if_present(key)) lua_pushnil(call_.state());
}

void Fields::bad_field(const char* key, std::string_view expected) const {
    lua_State* L = call_.state();
    push(key);
    const auto got = value_type_name(L, -1);
    throw Error("argument", fmt::format("bad option '{}' to '{}': expected {}, got {}", key, running_function(L), expected, got))
        .with("option", std::string(key))
        .with("expected", std::string(expected));
}

std::optional<std::string> Fields::text(const char* key) const {
    if (!push_if_present(key)) return std::nullopt;
    lua_State* L = call_.state();
    if (lua_type(L, -1) != LUA_TSTRING) bad_field(key, "a string");
    std::size_t size = 0;
    const char* data = lua_tolstring(L, -1, &size);
    std::string value(data, size);
    lua_pop(L, 1);
    return value;
}

std::string Fields::text_or(const char* key, std::string_view fallback) const {
    return text(key).value_or(std::string(fallback));
}

std::optional<double> Fields::number(const char* key) const {
    if (!push_if_present(key)) return std::nullopt;
    lua_State* L = call_.state();
    const double value = lua_tonumber(L, -1);
    if (lua_type(L, -1) != LUA_TNUMBER || std::isnan(value)) bad_field(key, "a number");
    lua_pop(L, 1);
    return value;
}

std::optional<std::int64_t> Fields::integer(const char* key) const {
    const auto value = number(key);
    if (!value) return std::nullopt;
    if (!is_exact_integer(*value)) bad_field(key, "a whole number");
    return static_cast<std::int64_t>(*value);
}

std::int64_t Fields::integer_or(const char* key, std::int64_t fallback) const { return integer(key).value_or(fallback); }

bool Fields::flag(const char* key, bool fallback) const {
    if (!push_if_present(key)) return fallback;
    lua_State* L = call_.state();
    if (!lua_isboolean(L, -1)) bad_field(key, "a boolean");
    const bool value = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return value;
}

std::vector<std::string> Fields::texts(const char* key) const {
    if (!push_if_present(key)) return {};
    lua_State* L = call_.state();
    std::vector<std::string> list;
    if (lua_type(L, -1) == LUA_TSTRING) {
        list.emplace_back(lua_tostring(L, -1), lua_objlen(L, -1));
    } else if (lua_istable(L, -1)) {
        const auto size = lua_objlen(L, -1);
        for (std::size_t i = 1; i <= size; ++i) {
            lua_rawgeti(L, -1, static_cast<int>(i));
            if (lua_type(L, -1) != LUA_TSTRING) bad_field(key, "a list of strings");
            list.emplace_back(lua_tostring(L, -1), lua_objlen(L, -1));
            lua_pop(L, 1);
        }
    } else {
        bad_field(key, "a list of strings");
    }
    lua_pop(L, 1);
    return list;
}

std::vector<std::pair<std::string, std::string>> Fields::pairs(const char* key) const {
    if (!push_if_present(key)) return {};
    lua_State* L = call_.state();
    if (!lua_istable(L, -1)) bad_field(key, "a table of strings");
    std::vector<std::pair<std::string, std::string>> list;
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        if (lua_type(L, -2) != LUA_TSTRING || !lua_isstring(L, -1)) bad_field(key, "a table of strings");
        lua_pushvalue(L, -1);  // lua_tostring would turn a number in the table itself into a string
        list.emplace_back(std::string(lua_tostring(L, -3), lua_objlen(L, -3)), lua_tostring(L, -1));
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
    return list;
}

}  // namespace uhost::bind
