#pragma once

#include <lua.hpp>
#include <span>
#include <string>
#include <string_view>

#include "host/bind/call.hpp"

namespace uhost::bind {

struct ObjectType;

/// Whether a bound function may yield its task.
enum class Waits : bool { no, yes };

/// Whether a bound function changes something outside of its own objects. Only such a function may call
/// Call::mutate and its siblings; a test enumerates them (see changing_functions) and holds each to the dry run.
enum class Effect : bool { none, changes };

/// One bound function. `run` throws std::exception to raise; its C++ objects are destroyed before Lua sees the error.
struct Function {
    const char* name;
    int (*run)(Call&);
    Waits waits = Waits::no;
    Effect effect = Effect::none;
};

/// The key in Lua's registry of a table with every bound function that changes something, by its full name, as far as
/// their primitives are loaded. For tests: `debug.getregistry()["uhost.changing_functions"]`.
inline constexpr const char* changing_functions = "uhost.changing_functions";

/// Pushes a table with `functions`, called `name.function` in messages. `functions` must be static.
/// A native primitive is: extern "C" int luaopen_uhost_NAME(lua_State* L) { return bind::module(L, "NAME", functions); }
/// With `classes`, the Lua half finds in it the classes to which it adds methods: see ObjectType.
int module(lua_State* L, const char* name, std::span<const Function> functions,
           std::initializer_list<const ObjectType*> classes = {});

/// Pushes one function, named `owner` + separator + its name in messages. It takes `upvalues` more upvalues from the top
/// of the stack, and finds them from lua_upvalueindex(3) on.
void push_function(lua_State* L, const Function& function, std::string_view owner, char separator = '.', int upvalues = 0);

/// The name, as users know it, of the bound function that is running ("git.open").
std::string running_function(lua_State* L);

/// The record of the bound function that is running; null in the second half of one that waits.
const Function* running_record(lua_State* L);

/// The full name of the bound function at `index`; "" for any other value.
std::string bound_function_name(lua_State* L, int index);

/// The type of the value at `index` as messages name it: "string", "git.Repository", "nothing" beyond the last argument.
std::string value_type_name(lua_State* L, int index);

}  // namespace uhost::bind
