#include "host/embed/run.hpp"

#include <algorithm>
#include <lua.hpp>
#include <utility>

#include "host/lua/errors.hpp"
#include "host/lua/interpreter.hpp"
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

// Makes what calls a function with the arguments that JSON holds, maybe behind another one, and gives its first result as
// JSON; and what reads and writes one value.
constexpr std::string_view converters = R"(
local json = require("uhost.json")
local function call(body, text, first)
    local given = json.decode(text)
    if type(given) ~= "table" or not json.is_array(given) then
        uhost.fail("json.arguments", "arguments are a JSON list", { hint = "such as [1, \"two\"]" })
    end
    local count = #given
    for i = 1, count do
        if given[i] == json.null then given[i] = nil end
    end
    local result
    if first == nil then
        result = body(unpack(given, 1, count))
    else
        result = body(first, unpack(given, 1, count))
    end
    return result == nil and "null" or json.encode(result)
end
local function decode(text)
    local value = json.decode(text)
    if value == json.null then return nil end
    return value
end
return call, decode, json.encode
)";

// Kept by the host, once something was called with values.
struct Converters {
    std::unique_ptr<const Reference> call, decode, encode;
};

// What keeps the stack as it was if something is thrown.
class StackGuard {
public:
    explicit StackGuard(lua_State* L) : L_(L), top_(lua_gettop(L)) {}
    ~StackGuard() { lua_settop(L_, top_); }
    StackGuard(const StackGuard&) = delete;
    StackGuard& operator=(const StackGuard&) = delete;

private:
    lua_State* L_;
    int top_;
};

std::shared_ptr<Converters> make_converters(lua_State* L) {
    const StackGuard guard(L);
    auto made = std::make_shared<Converters>();
    lua::load(L, converters, "uhost/embed");
    lua::call(L, 0, 3);
    for (auto* kept : {&made->encode, &made->decode, &made->call}) {
        *kept = std::make_unique<Reference>(L);
    }
    return made;
}

const Converters& converters_of(Host& host) {
    return host.services().get<Converters>("embed.converters", [&] { return make_converters(host.lua()); });
}

std::string text_at(lua_State* L, int index) {
    std::size_t size = 0;
    const char* text = lua_tolstring(L, index, &size);
    return text != nullptr ? std::string(text, size) : std::string();
}

// Begins to call what is at the top of the stack with its arguments; nothing is left of them if that throws.
void begin(Host& host, int arguments) {
    lua_State* L = host.lua();
    try {
        host.scheduler().begin(L, arguments);
    } catch (const Error&) {
        lua_pop(L, arguments + 1);
        throw;
    }
}

// Leaves what the run that is over returned, or throws what went wrong.
int finish(Host& host) {
    lua_State* L = host.lua();
    auto& scheduler = host.scheduler();
    const auto outcome = scheduler.finish(L);
    const int interrupt = scheduler.take_interrupt();
    host.output().finish();
    if (interrupt == 0 && !scheduler.exit_requested() && !outcome.failure) return outcome.results;
    lua_pop(L, outcome.results);
    if (interrupt != 0) throw Error("interrupted", "the run was interrupted");
    if (outcome.failure) throw Error(outcome.failure->error);
    throw Error("exit", "the script called os.exit");
}

// The same, waiting for it.
int finish_waiting(Host& host) {
    while (host.scheduler().step(true)) {
    }
    return finish(host);
}

void begin_code(Host& host, std::string_view code, const std::string& name, std::string_view arguments) {
    lua_State* L = host.lua();
    set_require_path(L, host.locations(), {});
    allow_modules_below(host, {});
    converters_of(host).call->push(L);
    try {
        lua::load(L, code, name);
    } catch (const Error&) {
        lua_pop(L, 1);
        throw;
    }
    lua_pushlstring(L, arguments.data(), arguments.size());
    begin(host, 2);
}

struct PushValue {
    Host& host;
    lua_State* L;
    void operator()(std::nullptr_t) const { lua_pushnil(L); }
    void operator()(bool value) const { lua_pushboolean(L, value); }
    void operator()(double value) const { lua_pushnumber(L, value); }
    void operator()(const std::string& value) const { lua_pushlstring(L, value.data(), value.size()); }
    void operator()(const Json& value) const {
        converters_of(host).decode->push(L);
        (*this)(value.text);
        lua::call(L, 1, 1);
    }
};

Value value_at(Host& host, int index) {
    lua_State* L = host.lua();
    switch (lua_type(L, index)) {
        case LUA_TNONE:
        case LUA_TNIL:
            return nullptr;
        case LUA_TBOOLEAN:
            return lua_toboolean(L, index) != 0;
        case LUA_TNUMBER:
            return lua_tonumber(L, index);
        case LUA_TSTRING:
            return text_at(L, index);
        default:
            converters_of(host).encode->push(L);
            lua_pushvalue(L, index);
            lua::call(L, 1, 1);
            return Json{text_at(L, -1)};
    }
}

}  // namespace

Run::Run(Host& host, std::string_view code, const std::string& name, std::string_view arguments) : host_(host) {
    begin_code(host, code, name, arguments);
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
    const StackGuard guard(host_.lua());
    const int results = finish(host_);
    return results > 0 ? text_at(host_.lua(), -results) : "null";
}

std::string evaluate(Host& host, std::string_view code, const std::string& name, std::string_view arguments) {
    Run run(host, code, name, arguments);
    run.wait();
    return run.result();
}

struct Function::Kept {
    Kept(Host& of, lua_State* L) : host(of), function(L) {}
    Host& host;
    Reference function;
};

std::vector<Function> Function::all(Host& host, std::string_view code, const std::string& name,
                                    std::initializer_list<Value> arguments) {
    lua_State* L = host.lua();
    const StackGuard guard(L);
    set_require_path(L, host.locations(), {});
    allow_modules_below(host, {});
    lua::load(L, code, name);
    for (const auto& argument : arguments) std::visit(PushValue{host, L}, argument);
    begin(host, static_cast<int>(arguments.size()));
    std::vector<Function> functions;
    for (int left = finish_waiting(host); left > 0; --left) {
        lua_pushvalue(L, -left);
        if (!lua_isfunction(L, -1)) break;
        functions.push_back(Function(std::make_shared<const Kept>(host, L)));
    }
    if (functions.empty()) throw Error("script", name + " returns no function").hint("it ends with: return function(…) … end");
    return functions;
}

Function::Function(Host& host, std::string_view code, const std::string& name, std::initializer_list<Value> arguments)
    : Function(all(host, code, name, arguments).front()) {}

Value Function::call(const std::string* first, std::initializer_list<Value> arguments) const {
    auto& host = kept_->host;
    lua_State* L = host.lua();
    const StackGuard guard(L);
    const auto count = static_cast<int>(arguments.size()) + (first != nullptr ? 1 : 0);
    if (!lua_checkstack(L, count + 4)) throw Error("argument", "too many arguments");
    kept_->function.push(L);
    const PushValue push{host, L};
    if (first != nullptr) push(*first);
    for (const auto& argument : arguments) std::visit(push, argument);
    begin(host, count);
    const int results = finish_waiting(host);
    return results > 0 ? value_at(host, lua_gettop(L) - results + 1) : Value(nullptr);
}

std::string Function::call_json(const std::string* first, std::string_view arguments) const {
    auto& host = kept_->host;
    lua_State* L = host.lua();
    const StackGuard guard(L);
    converters_of(host).call->push(L);
    kept_->function.push(L);
    lua_pushlstring(L, arguments.data(), arguments.size());
    if (first != nullptr) lua_pushlstring(L, first->data(), first->size());
    begin(host, first != nullptr ? 3 : 2);
    return text_at(L, -finish_waiting(host));
}

// What calls, what maps and what closes one handle.
constexpr std::string_view policy_code = R"(
local name, folder = ...
local rules = policy.load(name, folder ~= "" and { folder = folder } or nil)
return function(name, ...) return rules:call(name, ...) end,
    function(name, lists) return rules:map(name, lists) end,
    function() rules:close() end
)";

Policy::Policy(Host& host, const std::string& name, const std::string& folder)
    : parts_(Function::all(host, policy_code, "policy " + name, {name, folder})) {}

Policy::~Policy() {
    try {
        parts_[2]({});
    } catch (const std::exception&) {
        // The worker ends with the host.
    }
}

Value Policy::call(const std::string& function, std::initializer_list<Value> arguments) const {
    return parts_[0].call(&function, arguments);
}

std::string Policy::call_json(const std::string& function, std::string_view arguments) const {
    return parts_[0].call_json(&function, arguments);
}

std::string Policy::map_json(const std::string& function, std::string_view argument_lists) const {
    return parts_[1].call_json(&function, std::string("[").append(argument_lists).append("]"));
}

std::string take_plan(Host& host) {
    auto json = host.vault().mask(render_plan_json(host.plan()));
    host.plan().clear();
    return json;
}

}  // namespace uhost
