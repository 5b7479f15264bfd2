// Waiting for programs, and the object that process.start returns.
#include "api/process/binding.hpp"

#include <fmt/format.h>

#include "host/bind/object.hpp"
#include "host/runtime/host.hpp"

namespace uhost::process {
namespace {

using bind::Call;
using bind::Finish;
using bind::Function;
using bind::Waits;

struct Held {
    ChildHandle handle;
    Options options;
    std::shared_ptr<PendingMutation> pending;  // null unless the program changes something

    std::size_t max_output_bytes() const { return options.max_output_bytes; }
    std::size_t unread_bytes() const { return options.streams.output.max_held_bytes; }
    Child& child() const { return *handle.child(); }
    Error too_much() const { return too_much_output(child().arguments(), max_output_bytes()); }
    /// Lets all of the output come, as far as the limit allows.
    void read_on() const { child().output().allow(max_output_bytes() + 1); }
};

std::string describe(const void* object) {
    const auto& child = static_cast<const Held*>(object)->child();
    return fmt::format("{}, {}", child.pid(), child.ending() ? "ended" : "running");
}

std::optional<double> timeout(const Call& call, int index) {
    return call.absent(index) ? std::nullopt : std::optional(call.number(index, "timeout_s"));
}

int pid(Call& call);
int running(Call& call);
int wait(Call& call);
int kill(Call& call);
int terminate(Call& call);
int resize(Call& call);
int write(Call& call);
int close_input(Call& call);
int read_line(Call& call);
int lines(Call& call);
int read_all(Call& call);

constexpr Function methods[]{{"pid", pid},
                             {"running", running},
                             {"wait", wait, Waits::yes},
                             {"kill", kill},
                             {"terminate", terminate},
                             {"resize", resize},
                             {"write", write, Waits::yes},
                             {"close_input", close_input},
                             {"read_line", read_line, Waits::yes},
                             {"lines", lines},
                             {"read_all", read_all, Waits::yes}};
const bind::Type<Held> child_type{{"process.Child", methods, describe}};

int pid(Call& call) { return call.give(child_type.from(call).child().pid()); }

int running(Call& call) { return call.give(!child_type.from(call).child().ending()); }

int finish_wait(Call& call, Held& held) {
    auto& child = held.child();
    const auto& ending = *child.ending();
    record_ending(held.pending, held.options, ending);
    if (held.options.check && ending.code != 0) throw failed(child.arguments(), ending, child.errors().held());
    return push_result(call, child);
}

// wait([timeout_s]): the result; nil when the time is over first.
int wait(Call& call) {
    const auto held = child_type.share(call);
    held->read_on();
    const auto late = std::make_shared<bool>(false);
    const auto ready = [held, late]() -> std::optional<Finish> {
        if (held->child().output().full()) return Finish([held](Call&) -> int { throw held->too_much(); });
        if (held->child().over()) return Finish([held](Call& results) { return finish_wait(results, *held); });
        if (*late) return Finish([](Call& results) { return results.give(nullptr); });
        return std::nullopt;
    };
    return wait_on(call, {held->handle.child(), ready, timeout(call, 2), [late] { *late = true; }, nullptr});
}

// kill([signal]): whether it still ran.
int kill(Call& call) {
    auto& child = child_type.from(call).child();
    if (call.type(2) == LUA_TNUMBER) return call.give(child.kill(static_cast<int>(call.integer(2, "signal", 1, 64))));
    const auto number = signal_number(call.text_or(2, "signal", "SIGTERM"));
    if (!number) call.bad_argument(2, "signal", "a signal such as \"SIGTERM\" or 15");
    return call.give(child.kill(*number));
}

int resize(Call& call) {
    auto& child = child_type.from(call).child();
    const auto cells = [&call](int argument, const char* name) {
        return static_cast<unsigned short>(call.integer(argument, name, 1, max_terminal_cells));
    };
    child.resize({cells(2, "columns"), cells(3, "rows")});
    return 0;
}

[[noreturn]] void input_is_closed(const Child& child) {
    throw Error("process.input_closed", fmt::format("{} takes no more input", child.arguments()[0]))
        .hint("start it with stdin = true, and write before it ends or close_input() is called");
}

int terminate(Call& call) {
    const auto held = child_type.share(call);
    const bool running = !held->child().ending();
    held->read_on();  // what it says at its end must not hold it up
    held->child().terminate(false);
    return call.give(running);
}

int write(Call& call) {
    const auto child = child_type.from(call).handle.child();
    const std::string text(call.text(2, "text"));
    auto* input = child->input();
    if (input == nullptr || input->closed()) input_is_closed(*child);
    return call.wait([&](bind::Waker waker) {
        input->write(text, [waker, child](int error) {
            waker.wake([child, error](Call& results) {
                if (error != 0) input_is_closed(*child);
                return results.none();
            });
        });
        return std::function<void()>();
    });
}

int close_input(Call& call) {
    auto& child = child_type.from(call).child();
    if (child.input() != nullptr) child.input()->finish();
    return call.none();
}

int read_next(Call& call, std::optional<double> timeout_s) {
    const auto held = child_type.share(call);
    const auto scanned = std::make_shared<std::size_t>(0);
    const auto late = std::make_shared<bool>(false);
    const auto ready = [held, scanned, late, timeout_s]() -> std::optional<Finish> {
        auto& output = held->child().output();
        const auto newline = output.held().find('\n', *scanned);
        if (newline != std::string_view::npos || (output.ended() && !output.held().empty())) {
            return Finish([held](Call& results) {
                auto& from = held->child().output();
                auto line = from.take(std::min(from.held().find('\n'), from.held().size() - 1) + 1);
                from.allow(held->unread_bytes());
                if (line.ends_with('\n')) line.pop_back();
                return results.give(line);
            });
        }
        *scanned = output.held().size();
        if (output.ended()) return Finish([](Call& results) { return results.give(nullptr); });
        if (output.full() && output.allowed() <= held->max_output_bytes()) held->read_on();
        if (output.full()) return Finish([held](Call&) -> int { throw held->too_much(); });
        if (*late) {
            return Finish([held, timeout_s](Call&) -> int {
                throw Error("process.timeout",
                            fmt::format("{} wrote no line within {:g} s", held->child().arguments()[0], *timeout_s))
                    .with("timeout_s", *timeout_s);
            });
        }
        return std::nullopt;
    };
    return wait_on(call, {held->handle.child(), ready, timeout_s, [late] { *late = true; }, nullptr});
}

// read_line([timeout_s]): without its newline; nil at the end of the output.
int read_line(Call& call) { return read_next(call, timeout(call, 2)); }

// What a `for` loop calls: its second argument is the line before.
int next_line(Call& call) { return read_next(call, std::nullopt); }

int lines(Call& call) {
    static constexpr Function next{"lines", next_line, Waits::yes};
    child_type.from(call);
    bind::push_function(call.state(), next, "process.Child", ':');
    lua_pushvalue(call.state(), 1);
    return 2;
}

int read_all(Call& call) {
    const auto held = child_type.share(call);
    held->read_on();
    const auto ready = [held]() -> std::optional<Finish> {
        auto& output = held->child().output();
        if (output.full()) return Finish([held](Call&) -> int { throw held->too_much(); });
        if (!output.ended()) return std::nullopt;
        return Finish([held](Call& results) { return results.give(held->child().output().take_all()); });
    };
    return wait_on(call, {held->handle.child(), ready, std::nullopt, nullptr, nullptr});
}

}  // namespace

int wait_on(bind::Call& call, const ChildWait& wait) {
    if (const auto finish = wait.ready()) return (*finish)(call);
    struct Waiting {
        Child::Watch watch = 0;
        std::unique_ptr<Timer> timer;
    };
    return call.wait([&](bind::Waker waker) {
        const auto waiting = std::make_shared<Waiting>();
        const auto stop = [waiting, child = wait.child] {
            child->unwatch(waiting->watch);
            waiting->timer.reset();
        };
        const auto look = [stop, waker, ready = wait.ready] {
            if (auto finish = ready()) {
                stop();
                waker.wake(std::move(*finish));
            }
        };
        waiting->watch = wait.child->watch(look);
        if (wait.timeout_s) {
            waiting->timer =
                std::make_unique<Timer>(call.host().loop(), *wait.timeout_s, [look, deadline = wait.on_deadline] {
                    deadline();
                    look();
                });
        }
        return [stop, cancelled = wait.on_cancel] {
            stop();
            if (cancelled) cancelled();
        };
    });
}

int push_result(bind::Call& call, Child& child) {
    for (const auto* reader : {&child.output(), &child.errors()}) {
        if (reader->failure()) std::rethrow_exception(reader->failure());
    }
    const auto& ending = *child.ending();
    call.new_table(0, 10).field("code", ending.code).field("duration_s", ending.duration_s);
    call.field("user_s", ending.user_s).field("system_s", ending.system_s);
    call.field("peak_memory_bytes", ending.peak_memory_bytes);
    call.field("read_bytes", ending.read_bytes).field("written_bytes", ending.written_bytes);
    if (ending.core_dumped) call.field("core_dumped", true);
    if (!ending.code) call.field("signal", signal_name(ending.signal));
    call.field("stdout", child.output().take_all()).field("stderr", child.errors().take_all());
    return 1;
}

void record_ending(const std::shared_ptr<PendingMutation>& pending, const Options& options, const Ending& ending) {
    if (auto* const confined = options.command.confined) {
        confined->ended(quoted(options.command.arguments), ending.code.value_or(0), ending.signal);
    }
    if (!pending) return;
    if (ending.code == 0) {
        pending->succeeded("");
    } else {
        pending->failed(ending.code ? fmt::format("ended with code {}", *ending.code)
                                    : "ended by " + signal_name(ending.signal));
    }
    pending->record();
}

int give_child(Call& call, std::shared_ptr<Child> child, const Options& options,
               std::shared_ptr<PendingMutation> pending) {
    return child_type.give(
        call, std::shared_ptr<Held>(new Held{ChildHandle(std::move(child)), options, std::move(pending)}));
}

}  // namespace uhost::process
