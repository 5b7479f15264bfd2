// `line_editor`: lines that a person types, edited on a terminal.
#include <fmt/format.h>
#include <unistd.h>

#include <deque>

#include "api/line_editor/editor.hpp"
#include "api/line_editor/history_file.hpp"
#include "host/bind/object.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/output.hpp"
#include "host/secrets/vault.hpp"

namespace {

using namespace uhost;
using namespace uhost::line_editor;
using bind::Call;
using bind::Function;
using bind::Waits;

// An editor with the events that came while no task waited for one.
struct Session {
    Session(Loop& loop, const EditorOptions& options) : interactive(options.shows_prompt), editor(loop, options) {}

    void take(const Event& event) {
        events.push_back(event);
        if (const auto waker = std::exchange(waiting, {})) wake(*waker);
    }
    void wake(bind::Waker waker);

    bool interactive;
    LineEditor editor;
    std::optional<HistoryFile> history;
    std::deque<Event> events;
    std::optional<bind::Waker> waiting;
};

int push_event(Call& results, const Event& event) {
    if (const auto* failure = std::get_if<Failure>(&event)) std::rethrow_exception(*failure);
    if (const auto* line = std::get_if<Line>(&event)) {
        results.push("line").push(line->text);
        return 2;
    }
    if (const auto* request = std::get_if<CompletionRequest>(&event)) {
        results.push("completion").push(request->text).push(request->cursor);
        return 3;
    }
    return results.give("end");
}

void Session::wake(bind::Waker waker) {
    waker.wake([event = std::move(events.front())](Call& results) { return push_event(results, event); });
    events.pop_front();
}

std::string describe(const void* session) {
    return static_cast<const Session*>(session)->editor.reading() ? "reading" : "idle";
}

int remember(Call& call);
int keep_history(Call& call);
int is_interactive(Call& call);

constexpr Function methods[]{{"remember", remember},
                             {"keep_history", keep_history}, {"is_interactive", is_interactive}};
const bind::Type<Session> session_type{{"line_editor.Editor", methods, describe}};

// next_event(editor, prompt): begins to read a line, unless that has begun, and waits.
int next_event(Call& call) {
    const auto session = session_type.share(call);
    if (session->waiting) {
        throw Error("line_editor.busy", "this editor is reading a line").hint("read in one task at a time");
    }
    const auto prompt = std::string(call.text(2, "prompt"));
    return call.wait([&](bind::Waker waker) {
        auto& editor = session->editor;
        if (!editor.reading() && session->events.empty()) {
            call.host().output().flush();
            editor.read(prompt, [weak = std::weak_ptr(session)](const Event& event) {
                if (const auto alive = weak.lock()) alive->take(event);
            });
        }
        if (session->events.empty()) {
            session->waiting = waker;
        } else {
            session->wake(waker);
        }
        return [session] {
            session->waiting.reset();
            session->events.clear();
            session->editor.cancel();
        };
    });
}

int complete(Call& call) {
    session_type.from(call).editor.complete(std::string(call.text(2, "insertion")), std::string(call.text(3, "listing")));
    return call.none();
}

int remember(Call& call) {
    auto& session = session_type.from(call);
    const auto entry = call.host().vault().mask(call.text(2, "entry"));
    session.editor.remember(entry);
    if (session.history) session.history->add(entry);
    return call.none();
}

int keep_history(Call& call) {
    auto& session = session_type.from(call);
    const auto name = std::string(call.text(2, "name"));
    if (name.empty() || name.find('/') != std::string::npos) call.bad_argument(2, "name", "a name without slashes");
    session.history.emplace(call.host().state_folder() / (name + ".history"));
    for (const auto& entry : session.history->entries()) session.editor.remember(entry);
    return call.none();
}

int is_interactive(Call& call) { return call.give(session_type.from(call).interactive); }

int open_editor(Call& call) {
    const bool interactive = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
    const auto terminal = std::string(call.host().environment().text("TERM"));
    const EditorOptions options{.terminal = interactive ? terminal : "", .shows_prompt = interactive};
    return session_type.give(call, std::make_shared<Session>(call.host().loop(), options));
}

constexpr Function functions[]{
    {"open", open_editor}, {"next_event", next_event, Waits::yes}, {"complete", complete}};

}  // namespace

extern "C" int luaopen_uhost_line_editor(lua_State* L) {
    return bind::module(L, "line_editor", functions, {&session_type});
}
