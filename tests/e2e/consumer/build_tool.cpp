// A build tool whose users write rules in Lua:
//
//     local build = require("build")
//     for _, name in ipairs({ "main", "parser" }) do
//         build.rule(name .. ".o", { inputs = { name .. ".c" }, command = ("cc -c %s.c -o %s.o"):format(name, name) })
//     end
//
// `build_tool rules.lua` makes what is older than its inputs, in the order of the rules. Rules may read below the current
// folder, and nothing else. The module `build` is made with uhost's binding kit.
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "host/bind/module.hpp"
#include "host/embed/define.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/services.hpp"
#include "host/task/interrupt_signal.hpp"

namespace {

namespace fs = std::filesystem;
using uhost::bind::Call;

struct Rule {
    std::string target;
    std::vector<std::string> inputs;
    std::string command;
};
using Rules = std::vector<Rule>;

Rules& rules_of(uhost::Host& host) {
    return host.services().get<Rules>("build.rules", [] { return std::make_shared<Rules>(); });
}

// build.rule(target, {inputs =, command =}): wrong arguments are errors at the user's line.
int add_rule(Call& call) {
    const auto options = call.fields(2, "options", {"inputs", "command"});
    const auto command = options.text("command");
    if (!command) options.bad_field("command", "a command");
    rules_of(call.host()).push_back({std::string(call.text(1, "target")), options.texts("inputs"), *command});
    return call.none();
}

constexpr uhost::bind::Function functions[]{{"rule", add_rule}};
int open_build(lua_State* L) { return uhost::bind::module(L, "build", functions); }

bool is_older_than_an_input(const Rule& rule) {
    if (!fs::exists(rule.target)) return true;
    const auto made = fs::last_write_time(rule.target);
    for (const auto& input : rule.inputs) {
        if (fs::last_write_time(input) > made) return true;
    }
    return false;
}

}  // namespace

int main(int count, char** arguments) {
    const uhost::InterruptSignal signal;  // so that the limit of time reaches rules that loop for ever
    uhost::HostOptions options;
    options.read_settings_file = false;
    options.permissions = uhost::Permissions::nothing().allow(uhost::Access::read, {"."});
    options.time_limit_s = 10;
    uhost::Host host(options);
    uhost::define_native(host, "build", open_build);
    if (const int failed = host.run_file(count > 1 ? arguments[1] : "rules.lua", {}); failed != 0) return failed;
    for (const auto& rule : rules_of(host)) {
        if (!is_older_than_an_input(rule)) continue;
        std::cout << rule.command << std::endl;
        if (std::system(rule.command.c_str()) != 0) return 1;
    }
    return 0;
}
