// `term`: the native half measures text and knows the terminal; bars and tables are Lua.
#include <unistd.h>

#include <chrono>

#include "api/term/columns.hpp"
#include "api/term/terminal.hpp"
#include "host/bind/module.hpp"
#include "host/core/visible.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/output.hpp"
#include "host/secrets/vault.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;

int columns_at(Call& call, int index) { return static_cast<int>(call.integer(index, "columns", 1, 1'000'000)); }

int width(Call& call) { return call.give(term::terminal_columns(call.host().environment())); }

int takes_utf8(Call& call) { return call.give(term::takes_utf8(call.host().environment())); }

int is_terminal(Call& call) {
    const auto stream = call.text_or(1, "stream", "stderr");
    if (stream == "stderr") return call.give(call.host().output().terminal_error());
    if (stream == "stdout") return call.give(call.host().output().terminal_out());
    if (stream == "stdin") return call.give(isatty(STDIN_FILENO) != 0);
    call.bad_argument(1, "stream", "\"stdin\", \"stdout\" or \"stderr\"");
}

int color(Call& call) {
    const auto stream = call.text_or(1, "stream", "stdout");
    if (stream == "stdout") return call.give(call.host().output().color_out());
    if (stream == "stderr") return call.give(call.host().output().color_error());
    call.bad_argument(1, "stream", "\"stdout\" or \"stderr\"");
}

// Text that is about to be cut: of a secret, the output's mask would not know a half.
std::string shown_text(const Call& call) { return visible(call.host().vault().mask(call.text(1, "text"))); }

int visible_text(Call& call) { return call.give(shown_text(call)); }

int display_width(Call& call) { return call.give(term::width(shown_text(call))); }

int truncate(Call& call) { return call.give(term::truncate(shown_text(call), columns_at(call, 2))); }

int wrap(Call& call) { return call.give(term::wrap(shown_text(call), columns_at(call, 2))); }

int show_status(Call& call) {
    call.host().output().show_status(std::string(call.text(1, "text")));
    return call.none();
}

int write_error(Call& call) {
    call.host().output().error(call.text(1, "text"));
    return call.none();
}

int without_commands(Call& call) {
    const auto text = call.text(1, "text");
    const bool in_run = in_github_actions(call.host().environment());
    return call.give(in_run ? without_workflow_commands(text) : std::string(text));
}

int now(Call& call) {
    return call.give(std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

constexpr Function functions[]{{"width", width},
                               {"takes_utf8", takes_utf8},
                               {"is_terminal", is_terminal},
                               {"color", color},
                               {"visible", visible_text},
                               {"display_width", display_width},
                               {"truncate", truncate},
                               {"wrap", wrap},
                               {"show_status", show_status},
                               {"write_error", write_error},
                               {"without_commands", without_commands},
                               {"now", now}};

}  // namespace

extern "C" int luaopen_uhost_term(lua_State* L) { return bind::module(L, "term", functions); }
