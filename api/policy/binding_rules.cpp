// Asking rules in their sandbox.
#include "api/policy/binding_rules.hpp"

#include "host/runtime/host.hpp"
#include "host/sandbox/plain_data.hpp"

namespace uhost::policy::binding {
namespace {

using bind::Call;
using bind::Function;
using bind::Waits;
using sandbox::DataReader;
using sandbox::DataWriter;
using sandbox::Operation;

// Pushes the results of a reply.
using PushResults = int (*)(Call& results, const Rules& rules, DataReader& reader);

int give_reply(Call& call, const Rules& rules, const sandbox::Reply& reply, PushResults push) {
    if (const auto* failure = std::get_if<sandbox::Failure>(&reply)) throw rules.error_of(*failure, call.host().vault());
    DataReader reader(std::get<std::string>(reply));
    return push(call, rules, reader);
}

// Asks, and yields only if the answer is not there in a moment.
int ask(Call& call, std::shared_ptr<Rules> rules, Operation operation, std::string payload, PushResults push) {
    auto& sandbox = rules->sandbox();
    const auto ticket = sandbox.ask(operation, std::move(payload));
    if (const auto reply = sandbox.take_soon(ticket)) return give_reply(call, *rules, *reply, push);
    return call.wait([&](bind::Waker waker) {
        sandbox.when_answered(ticket, [rules, waker, push](sandbox::Reply reply) {
            waker.wake([rules, push, reply = std::move(reply)](Call& results) {
                return give_reply(results, *rules, reply, push);
            });
        });
        return [rules, ticket] { rules->sandbox().forget(ticket); };
    });
}

[[noreturn]] void malformed() { throw Error("policy.died", "the sandbox worker sent what cannot be read"); }

void push_value(Call& results, DataReader& reader) {
    if (!reader.push(results.state())) malformed();
}

// A file as the worker names it. Scripts show lines of such files: it must be one of the rules'.
std::string_view file_of(const Rules& rules, std::string_view chunk_name) {
    if (chunk_name.starts_with('=')) return chunk_name;  // the sandbox's own
    if (!chunk_name.starts_with('@') || !rules.has_file(chunk_name.substr(1))) malformed();
    return chunk_name.substr(1);
}

// data, origins, list of functions
int give_rules(Call& results, const Rules& rules, DataReader& reader) {
    push_value(results, reader);
    push_value(results, reader);
    results.new_table();
    for (int i = 1; !reader.at_end(); ++i) {
        const auto path = reader.text();
        const auto line = reader.number();
        const auto chunk_name = reader.text();
        if (!path || !line || !chunk_name) malformed();
        results.new_table(0, 3).field("path", *path).field("line", *line).field("file", file_of(rules, *chunk_name));
        results.seti(i);
    }
    return 3;
}

// result, reason, line
int give_call(Call& results, const Rules&, DataReader& reader) {
    for (int i = 0; i < 3; ++i) push_value(results, reader);
    return 3;
}

// result, reason, line, steps
int give_trace(Call& results, const Rules& rules, DataReader& reader) {
    give_call(results, rules, reader);
    results.new_table();
    for (int i = 1; !reader.at_end(); ++i) {
        const auto chunk_name = reader.text();
        const auto line = reader.number();
        const auto count = reader.number();
        if (!chunk_name || !line || !count) malformed();
        results.new_table(0, 3).field("file", file_of(rules, *chunk_name)).field("line", *line).field("count", *count);
        results.seti(i);
    }
    return 4;
}

int give_list(Call& results, const Rules&, DataReader& reader) {
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
    sandbox::Failure failure;
    failure.kind = "value";
    failure.message = refused->message() + ", which is not plain data";
    failure.path = refused->path;
    failure.problem = refused->problem;
    failure.remedy = "pass strings, finite numbers, booleans, and lists and tables of these";
    failure.subject = function;
    throw rules.error_of(failure, call.host().vault());
}

// The payload of a call: self, function, arguments.
std::string call_payload(const Call& call, const Rules& rules) {
    const std::string function(call.text(2, "name"));
    std::string payload;
    DataWriter writer(payload);
    writer.write(function);
    writer.write(static_cast<double>(call.count() - 2));
    for (int i = 3; i <= call.count(); ++i) write_argument(call, rules, writer, i, i - 2, function);
    return payload;
}

extern const bind::Type<Rules> rules_type;

// rules:load() -> data, origins, functions. Reads the files anew.
int load(Call& call) {
    auto rules = rules_type.share(call);
    auto payload = rules->read();
    return ask(call, std::move(rules), Operation::load, std::move(payload), give_rules);
}

// rules:restore(): goes back to what was accepted last.
int restore(Call& call) {
    auto rules = rules_type.share(call);
    auto payload = rules->restored();
    return ask(call, std::move(rules), Operation::load, std::move(payload), give_rules);
}

int accept(Call& call) {
    rules_type.from(call).accept();
    return call.none();
}

int changed(Call& call) { return call.give(rules_type.from(call).changed()); }

int files(Call& call) { return call.give(rules_type.from(call).files()); }

// rules:layers() -> list of {file =, is_user =}
int layers(Call& call) {
    call.new_table();
    int position = 0;
    for (const auto& layer : rules_type.from(call).layers()) {
        call.new_table(0, 2).field("file", layer.path.string()).field("is_user", layer.is_user);
        call.seti(++position);
    }
    return 1;
}

int call_function(Call& call) {
    auto rules = rules_type.share(call);
    auto payload = call_payload(call, *rules);
    return ask(call, std::move(rules), Operation::call, std::move(payload), give_call);
}

int trace_function(Call& call) {
    auto rules = rules_type.share(call);
    auto payload = call_payload(call, *rules);
    return ask(call, std::move(rules), Operation::trace, std::move(payload), give_trace);
}

// How many arguments a list stands for: its field `n`, or its length.
int count_of(const Call& call, int list) {
    lua_State* L = call.state();
    lua_getfield(L, list, "n");
    const bool said = lua_isnumber(L, -1) != 0;
    const auto count = said ? static_cast<int>(lua_tointeger(L, -1)) : static_cast<int>(lua_objlen(L, list));
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
        if (!lua_istable(L, list)) call.bad_item(3, "argument_lists", static_cast<std::size_t>(item), "a list of arguments");
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

constexpr Function methods[]{{"load", load, Waits::yes},
                             {"restore", restore, Waits::yes},
                             {"accept", accept},
                             {"changed", changed},
                             {"files", files},
                             {"layers", layers},
                             {"call", call_function, Waits::yes},
                             {"trace", trace_function, Waits::yes},
                             {"map", map_function, Waits::yes}};
const bind::Type<Rules> rules_type{{"policy.Rules", methods, nullptr}};

}  // namespace

void push_rules(bind::Call& call, std::shared_ptr<Rules> rules) { rules_type.push(call, std::move(rules)); }

}  // namespace uhost::policy::binding
