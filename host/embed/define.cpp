#include "host/embed/define.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <lua.hpp>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "host/bind/call.hpp"
#include "host/bind/module.hpp"
#include "host/lua/errors.hpp"
#include "host/runtime/services.hpp"

namespace uhost {
namespace {

// A function that calls the program with JSON and reads its answer.
constexpr std::string_view function_definer = R"(
local module, name, call = ...
package.loaded[module] = package.loaded[module] or {}
package.loaded[module][name] = function(...)
    local json = require("uhost.json")
    local given = json.array({ ... })
    for i = 1, select("#", ...) do
        if given[i] == nil then given[i] = json.null end
    end
    local result = json.decode(call(json.encode(given)))
    if result == json.null then return nil end
    return result
end
)";

constexpr std::string_view value_definer = R"(
local module, name, value = ...
package.loaded[module] = package.loaded[module] or {}
package.loaded[module][name] = require("uhost.json").decode(value)
)";

constexpr std::string_view module_definer = "local module, open = ... package.preload[module] = open";

// What a host's scripts were given; a service, so that it lives as long as the host.
struct Definitions {
    std::vector<std::unique_ptr<EmbeddedFunction>> functions;
    std::set<std::string> modules;
};

Definitions& definitions_of(Host& host) {
    return host.services().get<Definitions>("embed.definitions", [] { return std::make_shared<Definitions>(); });
}

bool is_loaded(lua_State* L, const std::string& module) {
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    lua_getfield(L, -1, module.c_str());
    const bool loaded = !lua_isnil(L, -1);
    lua_pop(L, 2);
    return loaded;
}

bool is_name(std::string_view text) {
    const auto is_letter = [](unsigned char c) { return std::isalpha(c) || c == '_'; };
    return !text.empty() && is_letter(static_cast<unsigned char>(text.front())) &&
           std::ranges::all_of(text, [&](unsigned char c) { return is_letter(c) || std::isdigit(c); });
}

void check_name(const std::string& name) {
    if (is_name(name)) return;
    throw Error("argument", fmt::format("'{}' cannot be a name in Lua", name))
        .hint("names are letters, digits and '_', and begin with no digit");
}

void check_module(Host& host, const std::string& module) {
    check_name(module);
    auto& modules = definitions_of(host).modules;
    if (!modules.contains(module) && is_loaded(host.lua(), module)) {
        throw Error("argument", fmt::format("there is a module '{}' already", module)).hint("choose another name");
    }
    modules.insert(module);
}

// Calls a definer with the names and what is at the top of the stack.
void run_definer(lua_State* L, std::string_view definer, std::initializer_list<std::string_view> names) {
    lua::load(L, definer, "uhost/embed");
    for (const auto name : names) lua_pushlstring(L, name.data(), name.size());
    const int count = static_cast<int>(names.size());
    lua_pushvalue(L, -count - 2);
    lua_remove(L, -count - 3);
    lua::call(L, count + 1, 0);
}

int call_embedded(bind::Call& call) {
    const auto& function = *static_cast<EmbeddedFunction*>(lua_touserdata(call.state(), lua_upvalueindex(3)));
    return call.give(function(call.text(1, "arguments")));
}
constexpr bind::Function embedded{"function", call_embedded};

}  // namespace

void define(Host& host, const std::string& module, const std::string& name, EmbeddedFunction function) {
    check_module(host, module);
    check_name(name);
    auto& functions = definitions_of(host).functions;
    functions.push_back(std::make_unique<EmbeddedFunction>(std::move(function)));
    lua_pushlightuserdata(host.lua(), functions.back().get());
    bind::push_function(host.lua(), embedded, module, '.', 1);
    run_definer(host.lua(), function_definer, {module, name});
}

void define_value(Host& host, const std::string& module, const std::string& name, std::string_view json) {
    check_module(host, module);
    check_name(name);
    lua_pushlstring(host.lua(), json.data(), json.size());
    run_definer(host.lua(), value_definer, {module, name});
}

void define_module(Host& host, const std::string& module, std::string_view source) {
    check_module(host, module);
    lua::load(host.lua(), source, module);
    run_definer(host.lua(), module_definer, {module});
}

void define_native(Host& host, const std::string& module, int (*open)(lua_State*)) {
    check_module(host, module);
    lua_pushcfunction(host.lua(), open);
    run_definer(host.lua(), module_definer, {module});
}

}  // namespace uhost
