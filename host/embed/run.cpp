#include "host/embed/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <set>
#include <utility>

#include "host/bind/call.hpp"
#include "host/bind/module.hpp"
#include "host/modules/modules.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/guarded_libraries.hpp"
#include "host/runtime/output.hpp"
#include "host/runtime/services.hpp"
#include "host/secrets/vault.hpp"
#include "host/task/loop.hpp"
#include "host/task/scheduler.hpp"

namespace uhost {
namespace {

// Calls the code with what the JSON holds, and gives its first result as JSON.
constexpr std::string_view caller = R"(
local body, arguments = ...
local json = require("uhost.json")
local given = json.decode(arguments)
if type(given) ~= "table" or not json.is_array(given) then
    uhost.fail("json.arguments", "arguments are a JSON list", { hint = "such as [1, \"two\"]" })
end
local count = #given
for i = 1, count do
    if given[i] == json.null then given[i] = nil end
end
local result = body(unpack(given, 1, count))
return result == nil and "null" or json.encode(result)
)";

// A function that calls the program with JSON and reads its answer.
constexpr std::string_view definer = R"(
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

// Leaves the function that `code` is.
void load(lua_State* L, std::string_view code, const std::string& name) {
    if (luaL_loadbufferx(L, code.data(), code.size(), name.c_str(), "t") == 0) return;
    auto raised = lua::syntax_error(L, code, name);
    throw Error(raised.error);
}

// The functions that a host's scripts may call; a service, so that they live as long as the host.
struct EmbeddedFunctions {
    std::vector<std::unique_ptr<EmbeddedFunction>> all;
    std::set<std::string> modules;
};

bool is_loaded(lua_State* L, const std::string& module) {
    lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
    lua_getfield(L, -1, module.c_str());
    const bool loaded = !lua_isnil(L, -1);
    lua_pop(L, 2);
    return loaded;
}

int call_embedded(bind::Call& call) {
    const auto& function = *static_cast<EmbeddedFunction*>(lua_touserdata(call.state(), lua_upvalueindex(3)));
    return call.give(function(call.text(1, "arguments")));
}
constexpr bind::Function embedded{"function", call_embedded};

bool is_name(std::string_view text) {
    const auto is_letter = [](unsigned char c) { return std::isalpha(c) || c == '_'; };
    return !text.empty() && is_letter(static_cast<unsigned char>(text.front())) &&
           std::ranges::all_of(text, [&](unsigned char c) { return is_letter(c) || std::isdigit(c); });
}

}  // namespace

Run::Run(Host& host, std::string_view code, const std::string& name, std::string_view arguments) : host_(host) {
    lua_State* L = host.lua();
    const int top = lua_gettop(L);
    try {
        set_require_path(L, host.locations(), {});
        allow_modules_below(host, {});
        load(L, caller, "=uhost/embed");
        load(L, code, "=" + name);
        lua_pushlstring(L, arguments.data(), arguments.size());
        host.scheduler().begin(L, 2);
    } catch (const Error&) {
        lua_settop(L, top);
        throw;
    }
}

Run::~Run() {
    if (finished_) return;
    try {
        if (!over_) host_.interrupt();
        wait();
        result();
    } catch (const std::exception&) {
        // Nobody asked how it ended.
    }
}

bool Run::step() { return advance(false); }

void Run::wait() {
    while (advance(true)) {
    }
}

// A failure of the scheduler itself leaves nothing to finish.
bool Run::advance(bool block) {
    if (over_) return false;
    try {
        over_ = !host_.scheduler().step(block);
    } catch (const std::exception&) {
        over_ = finished_ = true;
        throw;
    }
    return !over_;
}

int Run::descriptor() const { return host_.loop().descriptor(); }

int Run::timeout_ms() const { return over_ || host_.scheduler().has_work() ? 0 : host_.loop().timeout_ms(); }

std::string Run::result() {
    if (!over_ || finished_)
        throw Error("usage", "a run has a result once, when it is over").hint("call step() or wait()");
    finished_ = true;
    lua_State* L = host_.lua();
    auto& scheduler = host_.scheduler();
    const auto outcome = scheduler.finish(L);
    const int interrupt = scheduler.take_interrupt();
    std::string json;
    if (outcome.results > 0) {
        std::size_t size = 0;
        const char* text = lua_tolstring(L, -outcome.results, &size);
        json.assign(text, size);
    }
    lua_settop(L, 0);
    host_.output().finish();
    if (interrupt != 0) throw Error("interrupted", "the run was interrupted");
    if (scheduler.exit_requested()) throw Error("exit", "the script called os.exit");
    if (outcome.failure) throw Error(outcome.failure->error);
    return json;
}

std::string take_plan(Host& host) {
    auto json = host.vault().mask(render_plan_json(host.plan()));
    host.plan().clear();
    return json;
}

std::string evaluate(Host& host, std::string_view code, const std::string& name, std::string_view arguments) {
    Run run(host, code, name, arguments);
    run.wait();
    return run.result();
}

void define(Host& host, const std::string& module, const std::string& name, EmbeddedFunction function) {
    if (!is_name(module) || !is_name(name)) {
        throw Error("argument", fmt::format("'{}.{}' cannot be called from Lua", module, name))
            .hint("names are letters, digits and '_', and begin with no digit");
    }
    auto& functions =
        host.services().get<EmbeddedFunctions>("embed", [] { return std::make_shared<EmbeddedFunctions>(); });
    lua_State* L = host.lua();
    if (!functions.modules.contains(module) && is_loaded(L, module)) {
        throw Error("argument", fmt::format("there is a module '{}' already", module)).hint("choose another name");
    }
    functions.modules.insert(module);
    functions.all.push_back(std::make_unique<EmbeddedFunction>(std::move(function)));
    load(L, definer, "=uhost/embed");
    lua_pushstring(L, module.c_str());
    lua_pushstring(L, name.c_str());
    lua_pushlightuserdata(L, functions.all.back().get());
    bind::push_function(L, embedded, module, '.', 1);
    if (lua_pcall(L, 3, 0, 0) == 0) return;
    auto raised = lua::read_error(L, -1);
    lua_pop(L, 1);
    throw Error(raised.error);
}

}  // namespace uhost
