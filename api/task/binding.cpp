// `task`: spawning, awaiting and cancelling, over the host's scheduler. The rest is Lua, in init.lua.
#include <fmt/format.h>

#include "host/bind/object.hpp"
#include "host/task/limit.hpp"
#include "host/task/scheduler.hpp"
#include "host/task/timer.hpp"
#include "host/runtime/host.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;
using bind::Waits;

std::string describe_task(const void* object) {
    const auto& task = *static_cast<const Task*>(object);
    const char* state = !task.done() ? "running" : task.cancelled() ? "cancelled" : task.failed() ? "failed" : "done";
    return fmt::format("{}, {}", task.id, state);
}

int await(Call& call);
int wait_until_ended(Call& call);
int cancel(Call& call);
int state(Call& call);
int returned(Call& call);

constexpr Function task_methods[]{{"await", await, Waits::yes},
                                  {"join", wait_until_ended, Waits::yes},
                                  {"returned", returned, Waits::yes},
                                  {"cancel", cancel},
                                  {"state", state}};
const bind::Type<Task> task_type{{"task.Task", task_methods, describe_task}};

// The results of an ended task, or its error, as often as one asks.
int push_outcome(Call& call, Task& task) {
    lua_State* L = call.state();
    if (task.failed()) throw lua::RaisedValue(task.failure);
    if (task.thread == nullptr) return 0;
    const int results = lua_gettop(task.thread);
    if (!lua_checkstack(L, results) || !lua_checkstack(task.thread, results)) {
        throw Error("task.results", "a task returned too many values");
    }
    for (int i = 1; i <= results; ++i) lua_pushvalue(task.thread, i);
    lua_xmove(task.thread, L, results);
    return results;
}

int await(Call& call) {
    const auto task = task_type.share(call);
    if (task->done()) return push_outcome(call, *task);
    return call.wait([&](bind::Waker waker) {
        Scheduler::of(call.state()).join(*task, [waker, task] {
            waker.wake([task](Call& results) { return push_outcome(results, *task); });
        });
        return std::function<void()>();
    });
}

// join(timeout_s): whether the task has ended within that time; its outcome is left for await().
int wait_until_ended(Call& call) {
    const auto task = task_type.share(call);
    const double timeout_s = call.absent(2) ? -1 : call.number(2, "timeout_s");
    if (task->done()) return call.give(true);
    return call.wait([&](bind::Waker waker) {
        const auto answer = [waker](bool ended) { waker.wake([ended](Call& results) { return results.give(ended); }); };
        Scheduler::of(call.state()).join(*task, [answer] { answer(true); });
        std::shared_ptr<Timer> timer;
        if (timeout_s >= 0) timer = std::make_shared<Timer>(call.host().loop(), timeout_s, [answer] { answer(false); });
        return std::function<void()>([timer] {});
    });
}

int returned(Call& call) {
    const auto task = task_type.share(call);
    if (task->returned()) return push_outcome(call, *task);
    return call.wait([&](bind::Waker waker) {
        Scheduler::of(call.state()).on_return(*task, [waker, task] {
            waker.wake([task](Call& results) { return push_outcome(results, *task); });
        });
        return std::function<void()>();
    });
}

int cancel(Call& call) {
    const auto reason = std::string(call.text_or(2, "reason", "the task was cancelled"));
    Scheduler::of(call.state()).cancel(task_type.from(call), Error("cancelled", reason));
    return call.none();
}

int state(Call& call) {
    const auto& task = task_type.from(call);
    if (!task.done()) return call.give("running");
    return call.give(task.cancelled() ? "cancelled" : task.failed() ? "failed" : "done");
}

int start(Call& call, bool isolated) {
    call.function(1, "body");
    return task_type.give(call, Scheduler::of(call.state()).spawn(call.state(), 1, isolated));
}

int spawn(Call& call) { return start(call, false); }
int spawn_isolated(Call& call) { return start(call, true); }

int spawn_interruptible(Call& call) {
    call.function(1, "body");
    auto& scheduler = Scheduler::of(call.state());
    auto task = scheduler.spawn(call.state(), 1, true);
    scheduler.make_interruptible(*task);
    return task_type.give(call, std::move(task));
}

int sleep(Call& call) {
    const double seconds = call.number(1, "seconds");
    return call.wait([&](bind::Waker waker) {
        auto timer = std::make_shared<Timer>(call.host().loop(), seconds,
                                             [waker] { waker.wake([](Call& results) { return results.none(); }); });
        return [timer] {};
    });
}

int enter_shield(Call& call) {
    ++Scheduler::of(call.state()).current().shields;
    return call.none();
}

int leave_shield(Call& call) {
    auto& task = Scheduler::of(call.state()).current();
    if (task.shields > 0) --task.shields;
    return call.none();
}

int cancelled(Call& call) { return call.give(Scheduler::of(call.state()).current().cancelled()); }

const bind::Type<Limit> limit_type{{"task.Limit", {}, nullptr}};

// A permit on its way to a task. Should the task be cancelled before it runs again, the permit goes back.
struct Grant {
    explicit Grant(std::shared_ptr<Limit> from) : limit(std::move(from)) {}
    Grant(const Grant&) = delete;
    Grant& operator=(const Grant&) = delete;
    std::shared_ptr<Limit> limit;
    bool received = false;
    ~Grant() {
        if (!received) limit->release();
    }
};

int acquire(Call& call) {
    const auto limit = limit_type.share(call);
    if (limit->try_acquire()) return call.none();
    return call.wait([&](bind::Waker waker) {
        const auto place = limit->enqueue([waker, limit] {
            waker.wake([grant = std::make_shared<Grant>(limit)](Call& results) {
                grant->received = true;
                return results.none();
            });
        });
        return [limit, place] { limit->leave(place); };
    });
}

int release(Call& call) {
    limit_type.from(call).release();
    return call.none();
}

int limit(Call& call) {
    const auto permits = call.integer(1, "permits", 1, 1'000'000);
    return limit_type.give(call, std::make_shared<Limit>(static_cast<int>(permits)));
}

constexpr Function functions[]{
    {"spawn", spawn},
    {"spawn_isolated", spawn_isolated},
    {"interruptible", spawn_interruptible},
    {"sleep", sleep, Waits::yes},
    {"enter_shield", enter_shield},
    {"leave_shield", leave_shield},
    {"cancelled", cancelled},
    {"limit", limit},
    {"Limit:acquire", acquire, Waits::yes},
    {"Limit:release", release},
};

}  // namespace

extern "C" int luaopen_uhost_task(lua_State* L) { return bind::module(L, "task", functions, {&limit_type}); }
