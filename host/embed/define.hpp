#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "host/runtime/host.hpp"

struct lua_State;

// What a program lends to the scripts of a host, under names that they `require`. Names are Lua's own, such as `tool`; a
// module of uhost, or of a file, cannot be replaced. All of it belongs to the host's thread, and to the time before a
// script runs. Throws `argument` for a name that cannot be.
namespace uhost {

/// A function of the program, as scripts call it: it gets its arguments as a JSON list and gives its result as JSON.
/// What it throws is raised in the script, an Error as it is. It runs on the host's thread and keeps the loop waiting.
using EmbeddedFunction = std::function<std::string(std::string_view arguments)>;

/// Lets scripts of this host call `function` as `require("MODULE").NAME(…)`.
void define(Host& host, const std::string& module, const std::string& name, EmbeddedFunction function);

/// Lets them read a value, given as JSON, as `require("MODULE").NAME`. Throws `json` for what is none.
void define_value(Host& host, const std::string& module, const std::string& name, std::string_view json);

/// Lets them `require("MODULE")` what `source` returns, which is Lua and runs when it is first required. Throws `script`
/// for what does not compile.
void define_module(Host& host, const std::string& module, std::string_view source);

/// Lets them `require("MODULE")` what `open` leaves: a module made with the binding kit (host/bind/module.hpp), whose
/// functions check arguments, wait, work on the pool, hand out objects and change things through the plan, as uhost's own
/// do. The kit's headers include LuaJIT's, and are of one version of libuhost only.
void define_native(Host& host, const std::string& module, int (*open)(lua_State*));

}  // namespace uhost
