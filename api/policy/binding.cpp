// The native half of `policy`: finding rules, and asking them in their sandbox. What a handle offers is in init.lua.
#include "api/policy/policy_file.hpp"
#include "host/bind/object.hpp"
#include "host/runtime/host.hpp"
#include "host/sandbox/plain_data.hpp"
#include "host/sandbox/sandbox.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;
using bind::Waits;
using sandbox::DataReader;
using sandbox::DataWriter;
using sandbox::Operation;

std::filesystem::path worker_of(const Host& host) { return host.locations().library / "sandbox-worker"; }

/// The rules of one policy, in a sandbox of their own.
struct Rules {
    std::string name;
    policy::PolicyFile file;
    sandbox::Sandbox sandbox;

    Rules(std::string policy, policy::PolicyFile found, Host& host, sandbox::WorkerLimits limits,
          sandbox::Sandbox::FindSource find_source)
        : name(std::move(policy)),
          file(std::move(found)),
          sandbox(host.loop(), worker_of(host), limits, std::move(find_source)) {}
};

Error error_of(const Rules& rules, const sandbox::Failure& failure) {
    const auto& file = failure.file.empty() ? rules.file.path.string() : failure.file;
    const auto place = failure.line > 0 ? fmt::format("{}:{}", file, failure.line) : file;
    const bool by_the_rule =
        failure.kind == "failed" || failure.kind == "timeout" || failure.kind == "memory" || failure.kind == "died";
    const auto doing = by_the_rule && !failure.subject.empty() ? failure.subject + " failed: " : std::string();
    Error error(fmt::format("policy.{}", failure.kind), fmt::format("{}: {}{}", place, doing, failure.message));
    std::move(error).hint(!failure.remedy.empty() ? failure.remedy : "mend the rule there, or what it was asked about");
    std::move(error).with("policy", rules.name).with("file", file);
    if (failure.line > 0) std::move(error).with("line", std::int64_t{failure.line});
    if (failure.item > 0) std::move(error).with("item", static_cast<std::int64_t>(failure.item));
    if (failure.subject != "loading it") std::move(error).with("function", failure.subject);
    return error;
}

// Pushes the results of a reply, or raises it.
using PushResults = int (*)(Call& results, DataReader& reader);

int give_reply(Call& call, const Rules& rules, const sandbox::Reply& reply, PushResults push) {
    if (const auto* failure = std::get_if<sandbox::Failure>(&reply)) throw error_of(rules, *failure);
    DataReader reader(std::get<std::string>(reply));
    return push(call, reader);
}

// Asks, and yields only if the answer is not there in a moment.
int ask(Call& call, std::shared_ptr<Rules> rules, Operation operation, std::string payload, PushResults push) {
    const auto ticket = rules->sandbox.ask(operation, std::move(payload));
    if (const auto reply = rules->sandbox.take_soon(ticket)) return give_reply(call, *rules, *reply, push);
    return call.wait([&](bind::Waker waker) {
        rules->sandbox.when_answered(ticket, [rules, waker, push](sandbox::Reply reply) {
            waker.wake([rules, push, reply = std::move(reply)](Call& results) {
                return give_reply(results, *rules, reply, push);
            });
        });
        return [rules, ticket] { rules->sandbox.forget(ticket); };
    });
}

[[noreturn]] void malformed() { throw Error("policy.died", "the sandbox worker sent what cannot be read"); }

void push_value(Call& results, DataReader& reader) {
    if (!reader.push(results.state())) malformed();
}

int give_rules(Call& results, DataReader& reader) {
    push_value(results, reader);
    results.new_table();
    while (!reader.at_end()) {
        const auto path = reader.text();
        const auto line = reader.number();
        if (!path || !line) malformed();
        results.field(std::string(*path).c_str(), *line);
    }
    return 2;
}

int give_call(Call& results, DataReader& reader) {
    for (int i = 0; i < 3; ++i) push_value(results, reader);  // result, reason, line
    return 3;
}

int give_list(Call& results, DataReader& reader) {
    results.new_table();
    for (int i = 1; !reader.at_end(); ++i) {
        push_value(results, reader);
        results.seti(i);
    }
    return 1;
}

void write_argument(const Call& call, const Rules& rules, DataWriter& writer, int index, int position,
                    const std::string& function) {
    const auto refused = writer.write(call.state(), index, fmt::format("argument {} of {}", position, function));
    if (!refused) return;
    throw Error("policy.value",
                fmt::format("{}: {}, which is not plain data", rules.file.path.string(), refused->reason))
        .hint("pass strings, finite numbers, booleans, and lists and tables of these")
        .with("policy", rules.name)
        .with("file", rules.file.path.string())
        .with("function", function);
}

int load(Call& call);
int call_function(Call& call);
int map_function(Call& call);
constexpr Function methods[]{
    {"load", load, Waits::yes}, {"call", call_function, Waits::yes}, {"map", map_function, Waits::yes}};
const bind::Type<Rules> rules_type{{"policy.Rules", methods, nullptr}};

// rules:load() -> data, { path of a function = its line }
int load(Call& call) {
    auto rules = rules_type.share(call);
    std::string payload;
    DataWriter writer(payload);
    writer.write("@" + rules->file.path.string());
    writer.write(rules->file.source);
    return ask(call, std::move(rules), Operation::load, std::move(payload), give_rules);
}

// rules:call(function, count, ...) -> result, reason, line
int call_function(Call& call) {
    auto rules = rules_type.share(call);
    const std::string function(call.text(2, "name"));
    std::string payload;
    DataWriter writer(payload);
    writer.write(function);
    writer.write(static_cast<double>(call.count() - 2));
    for (int i = 3; i <= call.count(); ++i) write_argument(call, *rules, writer, i, i - 2, function);
    return ask(call, std::move(rules), Operation::call, std::move(payload), give_call);
}

// How many arguments a list stands for: its field `n`, or its length.
int count_of(const Call& call, int list) {
    lua_State* L = call.state();
    lua_getfield(L, list, "n");
    const auto count =
        lua_isnumber(L, -1) ? static_cast<int>(lua_tointeger(L, -1)) : static_cast<int>(lua_objlen(L, list));
    lua_pop(L, 1);
    return count;
}

// rules:map(function, list of lists) -> results
int map_function(Call& call) {
    auto rules = rules_type.share(call);
    const std::string function(call.text(2, "name"));
    call.table(3, "argument_lists");
    lua_State* L = call.state();
    const auto items = static_cast<int>(lua_objlen(L, 3));
    std::string payload;
    DataWriter writer(payload);
    writer.write(function);
    writer.write(static_cast<double>(items));
    for (int item = 1; item <= items; ++item) {
        lua_rawgeti(L, 3, item);
        const int list = lua_gettop(L);
        if (!lua_istable(L, list)) call.bad_argument(3, "argument_lists", "a list of lists of arguments");
        const int count = count_of(call, list);
        writer.write(static_cast<double>(count));
        for (int i = 1; i <= count; ++i) {
            lua_rawgeti(L, list, i);
            write_argument(call, *rules, writer, -1, i, function);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return ask(call, std::move(rules), Operation::map, std::move(payload), give_list);
}

sandbox::WorkerLimits limits_in(const bind::Fields& options) {
    constexpr double longest_s = 3600;
    sandbox::WorkerLimits limits;
    const auto deadline_s = options.number("deadline_s").value_or(1.0);
    if (!(deadline_s >= 0.001 && deadline_s <= longest_s))
        options.bad_field("deadline_s", "a number from 0.001 to 3600");
    limits.deadline_ms = static_cast<std::uint64_t>(deadline_s * 1000);
    return limits;
}

// open(name, {folder =, deadline_s =}) -> {rules =, path =, users_own =}
int open(Call& call) {
    const std::string name(call.text(1, "name"));
    const auto options = call.fields(2, "options", {"folder", "deadline_s"});
    const auto own = options.text_or("folder", "policies");
    auto& host = call.host();
    const auto shipped = host.locations().share / "policies";
    auto file = policy::find_policy(name, own, shipped);
    const auto find_source = [own, shipped](std::string_view wanted) -> sandbox::Sandbox::Source {
        auto found = policy::find_policy(wanted, own, shipped);
        return {"@" + found.path.string(), std::move(found.source)};
    };
    auto rules = std::make_shared<Rules>(name, std::move(file), host, limits_in(options), find_source);
    call.new_table(0, 3).field("path", rules->file.path.string()).field("users_own", rules->file.users_own);
    rules_type.push(call, rules);
    call.set("rules");
    return 1;
}

// sandbox() -> {descriptors =, limits =, privileges =, system_calls =}: which layers hold on this machine.
int layers(Call& call) {
    sandbox::Sandbox probe(call.host().loop(), worker_of(call.host()), {}, {});
    const auto holds = probe.layers();
    if (!holds) throw Error("policy.worker", "the sandbox worker does not answer").hint("build or install uhost again");
    call.new_table(0, 4)
        .field("descriptors", holds->descriptors)
        .field("limits", holds->limits)
        .field("privileges", holds->no_privileges)
        .field("system_calls", holds->system_calls);
    return 1;
}

constexpr Function functions[]{{"open", open}, {"sandbox", layers}};

}  // namespace

extern "C" int luaopen_uhost_policy(lua_State* L) { return bind::module(L, "policy", functions); }
