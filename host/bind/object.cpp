#include "host/bind/object.hpp"

#include <fmt/format.h>

#include <new>

namespace uhost::bind {
namespace {

struct Box {
    const ObjectType* type;
    std::shared_ptr<void> object;
};

// Its address names, in the registry, the set of our metatables: metatable -> true.
const char metatables = 0;

void push_metatable_set(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&metatables));
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushlightuserdata(L, const_cast<char*>(&metatables));
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

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

int collect(lua_State* L) {
    static_cast<Box*>(lua_touserdata(L, 1))->~Box();
    return 0;
}

int close(Call& call) {
    Box* box = box_at(call.state(), 1);
    if (box == nullptr) call.bad_argument(1, "self", "an object of uhost (call it with a colon)");
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

void push_new_metatable(lua_State* L, const ObjectType& type) {
    lua_createtable(L, 0, 6);
    lua_createtable(L, 0, static_cast<int>(type.methods.size()) + 1);
    push_function(L, close_function, type.name, ':');
    lua_setfield(L, -2, "close");
    for (const auto& method : type.methods) {
        push_function(L, method, type.name, ':');
        lua_setfield(L, std::string_view(method.name).starts_with("__") ? -3 : -2, method.name);
    }
    lua_setfield(L, -2, "__index");
    push_function(L, tostring_function, type.name, ':');
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
    lua_pushstring(L, type.name);
    lua_setfield(L, -2, "__metatable");
    push_metatable_set(L);
    lua_pushvalue(L, -2);
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
    if (box == nullptr || box->type != &type) {
        call.bad_argument(index, index == 1 ? "self" : "object", fmt::format("a {}", type.name));
    }
    if (!box->object) {
        throw Error("closed", fmt::format("'{}' on a closed {}", running_function(call.state()), type.name))
            .hint("it was closed earlier; open it again");
    }
    return box->object;
}

}  // namespace uhost::bind
