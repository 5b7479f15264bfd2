#include "host/bind/object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "host/core/suggest.hpp"

namespace uhost::bind {
namespace {

struct Box {
    const ObjectType* type;
    std::shared_ptr<void> object;
};

// Their addresses name, in the registry, the set of our metatables (metatable -> true) and what the class chunk gives.
const char metatables = 0;
const char class_kit = 0;

// Pushes a table of the registry, made when there is none.
void push_registry_table(lua_State* L, const char* key) {
    lua_pushlightuserdata(L, const_cast<char*>(key));
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushlightuserdata(L, const_cast<char*>(key));
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

void push_metatable_set(lua_State* L) { push_registry_table(L, &metatables); }

// A value is ours only if its metatable is: scripts cannot make one of those, and `__metatable` hides them.
Box* box_at(lua_State* L, int index) {
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return nullptr;
    push_metatable_set(L);
    lua_insert(L, -2);
    lua_rawget(L, -2);
    const bool ours = lua_toboolean(L, -1);
    lua_pop(L, 2);
    return ours ? static_cast<Box*>(lua_touserdata(L, index)) : nullptr;
}

// `method` is a full name: "git.Repository:head".
Error wrong_self_error(std::string_view method, std::string_view got) {
    const auto colon = method.rfind(':');
    return Error("argument", fmt::format("bad argument #1 'self' to '{}': expected a {}, got {}", method,
                                         method.substr(0, colon), got))
        .hint(fmt::format("call it with a colon: object:{}(…)", method.substr(colon + 1)))
        .with("argument", "self")
        .with("expected", std::string(method.substr(0, colon)));
}

int collect(lua_State* L) {
    static_cast<Box*>(lua_touserdata(L, 1))->~Box();
    return 0;
}

int close(Call& call) {
    Box* box = box_at(call.state(), 1);
    if (box == nullptr) throw wrong_self_error(running_function(call.state()), value_type_name(call.state(), 1));
    const auto object = std::move(box->object);
    box->object.reset();
    return call.none();
}

int describe(Call& call) {
    const Box* box = box_at(call.state(), 1);
    if (box == nullptr) call.bad_argument(1, "self", "an object of uhost");
    if (!box->object) return call.give(fmt::format("{} (closed)", box->type->name));
    if (box->type->describe == nullptr) return call.give(box->type->name);
    return call.give(fmt::format("{} ({})", box->type->name, box->type->describe(box->object.get())));
}

constexpr Function close_function{"close", close};
constexpr Function tostring_function{"tostring", describe};

// What the two functions below know of their class: its name, and the tables of its members (methods first).
constexpr int class_upvalue = lua_upvalueindex(3);
constexpr int first_members_upvalue = lua_upvalueindex(4);
constexpr int optional_upvalue = lua_upvalueindex(5);
constexpr int fields_upvalue = lua_upvalueindex(6);
constexpr int class_upvalues = 4;

std::string_view class_name(lua_State* L) { return lua_tostring(L, class_upvalue); }

// The names of all that an object has, sorted.
std::vector<std::string> members(lua_State* L) {
    std::vector<std::string> names;
    for (const int table : {first_members_upvalue, optional_upvalue, fields_upvalue}) {
        if (!lua_istable(L, table)) continue;
        for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
            if (lua_type(L, -2) == LUA_TSTRING) names.emplace_back(lua_tostring(L, -2));
        }
    }
    std::ranges::sort(names);
    return names;
}

bool is_optional(lua_State* L, int key) {
    if (!lua_istable(L, optional_upvalue)) return false;
    lua_pushvalue(L, key);
    lua_rawget(L, optional_upvalue);
    const bool optional = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return optional;
}

std::string shown_key(lua_State* L, int index) {
    if (lua_type(L, index) == LUA_TSTRING) return std::string(lua_tostring(L, index)).substr(0, 100);
    if (lua_type(L, index) == LUA_TNUMBER) return fmt::format("[{:g}]", lua_tonumber(L, index));
    return fmt::format("[{}]", luaL_typename(L, index));
}

// __index of a class's methods, for a name that none of them has.
int missing_member(Call& call) {
    lua_State* L = call.state();
    if (is_optional(L, 2)) return 0;
    const auto key = shown_key(L, 2);
    const auto names = members(L);
    const std::vector<std::string_view> known(names.begin(), names.end());
    throw Error("argument", fmt::format("{} has no method or field '{}'", class_name(L), key))
        .hint(did_you_mean(key, known))
        .with("class", std::string(class_name(L)))
        .with("member", key);
}

// __newindex of an object.
int assign_member(Call& call) {
    lua_State* L = call.state();
    if (!is_optional(L, 2)) {
        throw Error("argument", fmt::format("cannot set '{}' of {}", shown_key(L, 2), class_name(L)))
            .hint("keep what belongs to it in a table of your own");
    }
    lua_rawset(L, 1);
    return call.none();
}

// wrong_self(method, self)
int wrong_self(Call& call) { throw wrong_self_error(call.text(1, "method"), value_type_name(call.state(), 2)); }

constexpr Function missing_member_function{"missing_member", missing_member};
constexpr Function assign_member_function{"assign_member", assign_member};
constexpr Function wrong_self_function{"wrong_self", wrong_self};

void push_classes(lua_State* L) {
    lua_getfield(L, LUA_REGISTRYINDEX, classes_key);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, classes_key);
}

// seal(name, metatable, methods, optional, fields): registers a class and refuses what it has not. `optional` is a set
// of fields that may be nil and may be set; it and `fields` may be nil.
int seal(lua_State* L) {
    lua_settop(L, 5);
    push_classes(L);
    lua_pushvalue(L, 3);
    lua_setfield(L, -2, lua_tostring(L, 1));
    const auto push = [L](const Function& function) {
        lua_pushvalue(L, 1);
        for (int table = 3; table <= 5; ++table) lua_pushvalue(L, table);
        push_function(L, function, lua_tostring(L, 1), ':', class_upvalues);
    };
    push(assign_member_function);
    lua_setfield(L, 2, "__newindex");
    lua_createtable(L, 0, 1);
    push(missing_member_function);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, 3);
    return 0;
}

// What the Lua half of a native class and the classes of Lua alone need. Gives a table of:
// - open(name, methods): the table to which methods are added;
// - fields_index(methods, fields): __index of a class that has fields;
// - class: uhost.class.
constexpr char class_chunk[] = R"lua(
local seal, wrong_self = ...
local getmetatable, setmetatable, ipairs, tostring = getmetatable, setmetatable, ipairs, tostring

local kit = {}

function kit.open(name, methods)
    local function add(_, method_name, method)
        methods[method_name] = function(self, ...)
            if getmetatable(self) ~= name then wrong_self(name .. ":" .. method_name, self) end
            return method(self, ...)
        end
    end
    return setmetatable({}, { __index = methods, __newindex = add })
end

function kit.fields_index(methods, fields)
    return function(self, key)
        local field = fields[key]
        if field then return field(self) end
        return methods[key]
    end
end

function kit.class(name, options)
    options = options or {}
    local optional, methods, describe = {}, {}, options.describe
    for _, field in ipairs(options.optional or {}) do optional[field] = true end
    local meta = { __metatable = name, __call = options.call, __index = methods }
    if options.fields then meta.__index = kit.fields_index(methods, options.fields) end
    function meta.__tostring(self)
        if not describe then return name end
        return name .. " (" .. tostring(describe(self)) .. ")"
    end
    seal(name, meta, methods, optional, options.fields)
    return kit.open(name, methods), function(object) return setmetatable(object, meta) end
end

return kit
)lua";

// Pushes a function of the class chunk.
void push_class_kit(lua_State* L, const char* name) {
    lua_pushlightuserdata(L, const_cast<char*>(&class_kit));
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        if (luaL_loadbuffer(L, class_chunk, sizeof class_chunk - 1, "=uhost class") != 0) lua_error(L);
        lua_pushcfunction(L, seal);
        push_function(L, wrong_self_function, "uhost");
        lua_call(L, 2, 1);
        lua_pushlightuserdata(L, const_cast<char*>(&class_kit));
        lua_pushvalue(L, -2);
        lua_rawset(L, LUA_REGISTRYINDEX);
    }
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

// Pushes the methods of a native class; those whose names begin with "__" go to the metatable below.
void push_methods(lua_State* L, const ObjectType& type) {
    const int metatable = lua_gettop(L);
    lua_createtable(L, 0, static_cast<int>(type.methods.size()) + 1);
    push_function(L, close_function, type.name, ':');
    lua_setfield(L, -2, "close");
    for (const auto& method : type.methods) {
        push_function(L, method, type.name, ':');
        lua_setfield(L, std::string_view(method.name).starts_with("__") ? metatable : -2, method.name);
    }
}

// Pushes the getters of a native class; nil when it has no fields.
void push_fields(lua_State* L, const ObjectType& type) {
    if (type.fields.empty()) return lua_pushnil(L);
    lua_createtable(L, 0, static_cast<int>(type.fields.size()));
    for (const auto& field : type.fields) {
        push_function(L, field, type.name, '.');
        lua_setfield(L, -2, field.name);
    }
}

// Leaves the metatable and, above it, the methods of a class that is new to this Lua state.
void push_new_metatable(lua_State* L, const ObjectType& type) {
    lua_createtable(L, 0, 7);
    const int metatable = lua_gettop(L);
    push_methods(L, type);
    push_fields(L, type);
    const int methods = metatable + 1, fields = metatable + 2;
    if (lua_isnil(L, fields)) {
        lua_pushvalue(L, methods);
    } else {
        push_class_kit(L, "fields_index");
        lua_pushvalue(L, methods);
        lua_pushvalue(L, fields);
        lua_call(L, 2, 1);
    }
    lua_setfield(L, metatable, "__index");
    push_function(L, tostring_function, type.name, ':');
    lua_setfield(L, metatable, "__tostring");
    lua_pushcfunction(L, collect);
    lua_setfield(L, metatable, "__gc");
    lua_pushstring(L, type.name);
    lua_setfield(L, metatable, "__metatable");
    lua_pushcfunction(L, seal);
    lua_pushstring(L, type.name);
    lua_pushvalue(L, metatable);
    lua_pushvalue(L, methods);
    lua_pushnil(L);
    lua_pushvalue(L, fields);
    lua_call(L, 5, 0);
    lua_settop(L, metatable);
    push_metatable_set(L);
    lua_pushvalue(L, metatable);
    lua_pushboolean(L, true);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

void push_metatable(lua_State* L, const ObjectType& type) {
    lua_pushlightuserdata(L, const_cast<ObjectType*>(&type));
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    push_new_metatable(L, type);
    lua_pushlightuserdata(L, const_cast<ObjectType*>(&type));
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

}  // namespace

std::string_view object_type_name(lua_State* L, int index) {
    const Box* box = box_at(L, index);
    return box ? box->type->name : std::string_view();
}

void push_object(lua_State* L, const ObjectType& type, std::shared_ptr<void> object) {
    void* memory = lua_newuserdata(L, sizeof(Box));
    new (memory) Box{&type, nullptr};
    push_metatable(L, type);
    lua_setmetatable(L, -2);
    static_cast<Box*>(memory)->object = std::move(object);
}

const std::shared_ptr<void>& object_at(const Call& call, int index, const ObjectType& type) {
    const Box* box = box_at(call.state(), index);
    if (box == nullptr || (box->type != &type && std::strcmp(box->type->name, type.name) != 0)) {
        const auto function = running_function(call.state());
        if (index != 1 || function.find(':') == function.npos) {
            call.bad_argument(index, index == 1 ? "self" : "object", fmt::format("a {}", type.name));
        }
        throw wrong_self_error(function, value_type_name(call.state(), 1));
    }
    if (!box->object) {
        throw Error("closed", fmt::format("'{}' on a closed {}", running_function(call.state()), type.name))
            .hint("it was closed earlier; open it again");
    }
    return box->object;
}

void push_class(lua_State* L, const ObjectType& type) {
    push_class_kit(L, "open");
    lua_pushstring(L, type.name);
    push_metatable(L, type);
    lua_pop(L, 1);
    push_classes(L);
    lua_getfield(L, -1, type.name);
    lua_remove(L, -2);
    lua_call(L, 2, 1);
}

int make_class(Call& call) {
    lua_State* L = call.state();
    call.text(1, "name");
    call.fields(2, "options", {"call", "describe", "fields", "optional"});
    lua_settop(L, 2);
    push_class_kit(L, "class");
    lua_insert(L, 1);
    lua_call(L, 2, 2);
    return 2;
}

}  // namespace uhost::bind
