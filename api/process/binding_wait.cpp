#include "api/process/binding_wait.hpp"

#include <fmt/format.h>

#include "api/process/signal_names.hpp"
#include "host/runtime/host.hpp"

namespace uhost::process {

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
                std::make_unique<Timer>(call.host().loop(), *wait.timeout_s, [look, over = wait.time_over] {
                    over();
                    look();
                });
        }
        return [stop, cancelled = wait.cancelled] {
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
    call.new_table(0, 5).field("code", ending.code).field("duration_s", ending.duration_s);
    if (!ending.code) call.field("signal", signal_name(ending.signal));
    call.field("stdout", child.output().take_all()).field("stderr", child.errors().take_all());
    return 1;
}

void record_ending(PendingMutation& pending, const Ending& ending) {
    if (ending.code == 0) {
        pending.succeeded("");
    } else {
        pending.failed(ending.code ? fmt::format("ended with code {}", *ending.code)
                                   : "ended by " + signal_name(ending.signal));
    }
    pending.record();
}

}  // namespace uhost::process
