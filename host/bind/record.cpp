#include "host/bind/record.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "host/bind/module.hpp"
#include "host/core/suggest.hpp"
#include "host/lua/errors.hpp"

namespace uhost::bind {
namespace {

// Its address names, in the registry, what the chunk below gives.
const char record_kit = 0;

// misspelt_field(name, key, fields): raises when the key is near to one of the fields; else gives nothing.
int misspelt_field(Call& call) {
    lua_State* L = call.state();
    std::vector<std::string> names;
    for (std::size_t i = 1; i <= lua_objlen(L, 3); ++i) {
        lua_rawgeti(L, 3, static_cast<int>(i));
        names.emplace_back(lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    const auto name = std::string(call.text(1, "name")), key = std::string(call.text(2, "key"));
    if (nearest(key, known).empty()) return call.none();
    throw Error("argument", fmt::format("{} has no field '{}'", name, key))
        .hint(did_you_mean(key, known))
        .with("class", name)
        .with("member", key);
}

constexpr Function misspelt_field_function{"misspelt_field", misspelt_field};

// Gives: metatable(name, fields), record(name, fields).
constexpr char record_chunk[] = R"lua(
local misspelt_field = ...
local ipairs, setmetatable, type = ipairs, setmetatable, type

local kit = {}
local known_to = {}  -- by primitive: the fields of all its records

function kit.metatable(name, fields)
    local primitive = name:match("^[^.]*")
    local known = known_to[primitive] or {}
    known_to[primitive] = known
    local names = {}  -- the caller may change its list
    for i, field in ipairs(fields) do known[field], names[i] = true, field end
    fields = names
    return {
        __metatable = name,
        __tostring = function() return name end,
        __index = function(_, key)
            if known[key] or type(key) ~= "string" then return nil end
            return misspelt_field(name, key, fields)
        end,
    }
end

function kit.record(name, fields)
    local metatable = kit.metatable(name, fields)
    return function(fields_of_one) return setmetatable(fields_of_one, metatable) end
end

return kit
)lua";

void push_record_kit(lua_State* L, const char* function) {
    lua_pushlightuserdata(L, const_cast<char*>(&record_kit));
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        if (luaL_loadbuffer(L, record_chunk, sizeof record_chunk - 1, "=uhost record") != 0) throw lua::read_error(L, -1).error;
        push_function(L, misspelt_field_function, "uhost");
        lua_call(L, 1, 1);
        lua_pushlightuserdata(L, const_cast<char*>(&record_kit));
        lua_pushvalue(L, -2);
        lua_rawset(L, LUA_REGISTRYINDEX);
    }
    lua_getfield(L, -1, function);
    lua_remove(L, -2);
}

void push_record_metatable(lua_State* L, const RecordType& type) {
    lua_pushlightuserdata(L, const_cast<RecordType*>(&type));
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    push_record_kit(L, "metatable");
    lua_pushstring(L, type.name);
    lua_createtable(L, static_cast<int>(type.fields.size()), 0);
    int position = 0;
    for (const auto field : type.fields) {
        lua_pushlstring(L, field.data(), field.size());
        lua_rawseti(L, -2, ++position);
    }
    lua_call(L, 2, 1);
    lua_pushlightuserdata(L, const_cast<RecordType*>(&type));
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

}  // namespace

Call& new_record(Call& call, const RecordType& type, std::size_t fields) {
    lua_State* L = call.state();
    luaL_checkstack(L, 8, "a record");
    lua_createtable(L, 0, static_cast<int>(fields));
    push_record_metatable(L, type);
    lua_setmetatable(L, -2);
    return call;
}

int make_record(Call& call) {
    lua_State* L = call.state();
    call.text(1, "name");
    call.table(2, "fields");
    for (std::size_t i = 1; i <= lua_objlen(L, 2); ++i) {
        lua_rawgeti(L, 2, static_cast<int>(i));
        if (lua_type(L, -1) != LUA_TSTRING) call.bad_item(2, "fields", i, "a string");
        lua_pop(L, 1);
    }
    lua_settop(L, 2);
    push_record_kit(L, "record");
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
}

}  // namespace uhost::bind
