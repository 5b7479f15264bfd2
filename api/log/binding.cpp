// `log`: the native half writes lines to standard error; init.lua makes them.
#include "host/bind/module.hpp"
#include "host/core/visible.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/output.hpp"
#include "host/settings/settings.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;

// A line for people: nothing in it acts on the terminal or the workflow run. `before` and `after` are the log's own
// colours.
int write_line(Call& call) {
    auto text = visible(call.text(1, "text"));
    if (in_github_actions(call.host().environment())) text = without_workflow_commands(text);
    auto line = std::string(call.text_or(2, "before", "")) + text;
    line += call.text_or(3, "after", "");
    call.host().output().error(line + "\n");
    return call.none();
}

// A workflow command, escaped by the caller.
int write_command(Call& call) {
    call.host().output().error(std::string(call.text(1, "command")) + "\n");
    return call.none();
}

int visible_text(Call& call) { return call.give(visible(call.text(1, "text"))); }

int in_actions(Call& call) { return call.give(in_github_actions(call.host().environment())); }

int color(Call& call) { return call.give(call.host().output().color_error()); }

int timestamps(Call& call) { return call.give(call.host().settings().flag("log.timestamps").value_or(false)); }

constexpr Function functions[]{{"write_line", write_line}, {"write_command", write_command},
                               {"visible", visible_text},  {"in_actions", in_actions},
                               {"color", color},           {"timestamps", timestamps}};

}  // namespace

extern "C" int luaopen_uhost_log(lua_State* L) { return bind::module(L, "log", functions); }
