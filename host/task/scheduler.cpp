#include "host/task/scheduler.hpp"

#include <algorithm>

namespace uhost {
namespace {

// Their addresses are, in the registry, the scheduler of a Lua state, and, yielded, the mark of a host wait.
const char registry_key = 0;
const char wait_mark = 0;

Error cancelled(const Task& task) {
    return task.interruption ? *task.interruption : Error("cancelled", "the task was cancelled");
}

}  // namespace

Scheduler::Scheduler(Host& host, Loop& loop, lua_State* L) : host_(host), loop_(loop), main_(L) {
    lua_pushlightuserdata(L, const_cast<char*>(&registry_key));
    lua_pushlightuserdata(L, this);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

Scheduler::~Scheduler() {
    while (jobs_in_flight_ > 0) loop_.run_once(true);
}

Scheduler& Scheduler::of(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&registry_key));
    lua_rawget(L, LUA_REGISTRYINDEX);
    auto* scheduler = static_cast<Scheduler*>(lua_touserdata(L, -1));
    lua_pop(L, 1);
    return *scheduler;
}

Scheduler::Outcome Scheduler::run(lua_State* L, int arguments) {
    root_ = make_task(L, arguments, nullptr);
    const auto root = root_;
    ready_.push_back(root);
    while (!root->done() && !exit_code_) turn();
    if (exit_code_) {
        settle_after_exit();
        return {};
    }
    Outcome outcome;
    if (root->failed) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, root->error_reference);
        outcome.failure = bind::read_error(L, -1);
        lua_pop(L, 1);
    } else {
        outcome.results = lua_gettop(root->thread);
        luaL_checkstack(L, outcome.results, "results of the script");
        lua_xmove(root->thread, L, outcome.results);
    }
    root_.reset();
    return outcome;
}

// The task that called os.exit never runs again; the others get to clean up.
void Scheduler::settle_after_exit() {
    cancel(*root_, Error("cancelled", "the script called os.exit"));
    if (exiting_ != nullptr) {  // whoever awaits it, to clean up, goes on
        exiting_->state = Task::State::joining;
        end_if_joined(*exiting_);
    }
    while (!ready_.empty() || !waits_.empty()) turn();
    root_.reset();
}

// One turn: resume what was ready when it began, then see to the loop, blocking only when nobody is ready.
void Scheduler::turn() {
    if (interrupted_.load() && !interrupt_delivered_) deliver_interrupt();
    for (auto count = ready_.size(); count > 0 && !ready_.empty(); --count) {
        const auto task = ready_.front();
        ready_.pop_front();
        resume(*task);
    }
    if (root_->done() || (exiting_ != nullptr && waits_.empty())) return;
    const bool alive = loop_.run_once(ready_.empty() && !interrupted_.load());
    if (!alive && ready_.empty() && !root_->done() && interrupted_.load() == interrupt_delivered_) break_deadlock();
}

void Scheduler::break_deadlock() {
    const auto stuck = Error("task.deadlock", "every task is waiting for another; none can go on")
                           .hint("look for a task that awaits itself, or a limit that is acquired twice");
    if (root_->cancelled()) throw stuck;
    cancel(*root_, stuck);
    if (ready_.empty()) throw stuck;
}

std::shared_ptr<Task> Scheduler::make_task(lua_State* L, int arguments, Task* parent) {
    auto task = std::make_shared<Task>();
    task->id = ++last_id_;
    task->parent = parent;
    task->arguments = arguments;
    task->thread = lua_newthread(L);
    task->thread_reference = luaL_ref(L, LUA_REGISTRYINDEX);
    luaL_checkstack(task->thread, arguments + 1, "arguments of a task");
    lua_xmove(L, task->thread, arguments + 1);
    return task;
}

std::shared_ptr<Task> Scheduler::spawn(lua_State* L, int first, bool isolated) {
    Task& parent = *current_;
    auto task = make_task(L, lua_gettop(L) - first, &parent);
    task->isolated = isolated;
    if (parent.cancelled()) task->interruption = cancelled(parent);
    parent.children.push_back(task);
    ready_.push_back(task);
    return task;
}

void Scheduler::resume(Task& task) {
    if (task.state != Task::State::ready) return;
    task.state = Task::State::running;
    Task* const outer = current_;
    current_ = &task;
    const int status = lua_resume(task.thread, std::exchange(task.arguments, 0));
    current_ = outer;
    if (status != LUA_YIELD) {
        body_ended(task, status);
    } else if (lua_touserdata(task.thread, -1) != &wait_mark) {
        bind::push_error(main_, Error("lua", "attempt to yield from outside a coroutine")
                                    .hint("coroutine.yield needs a coroutine that you resume; to wait, use task.sleep"));
        fail(task, luaL_ref(main_, LUA_REGISTRYINDEX));
        end_if_joined(task);
    } else {
        lua_settop(task.thread, 0);
        if (&task == exiting_) return;
        if (task.state == Task::State::running) task.state = Task::State::waiting;
        // Interrupted between the wait's start and here.
        if (task.state == Task::State::waiting && task.cancelled()) wake_interrupted(task);
    }
}

void Scheduler::body_ended(Task& task, int status) {
    if (status != 0) {
        lua_xmove(task.thread, main_, 1);
        bind::complete_error(main_, task.thread);
        fail(task, luaL_ref(main_, LUA_REGISTRYINDEX));
    }
    task.state = Task::State::joining;
    end_if_joined(task);
}

void Scheduler::fail(Task& task, int error_reference) {
    if (task.failed) {
        luaL_unref(main_, LUA_REGISTRYINDEX, error_reference);
        return;
    }
    task.failed = true;
    task.error_reference = error_reference;
    task.state = Task::State::joining;
    for (const auto& child : task.children) cancel(*child, Error("cancelled", "the task that started it has failed"));
}

void Scheduler::end_if_joined(Task& task) {
    if (task.state != Task::State::joining) return;
    const auto alive = [](const auto& child) { return !child->done(); };
    if (std::ranges::any_of(task.children, alive)) return;
    if (task.child_failure != LUA_NOREF && !task.failed) {
        task.failed = true;
        task.error_reference = std::exchange(task.child_failure, LUA_NOREF);
    }
    end(task);
}

void Scheduler::end(Task& task) {
    task.state = Task::State::done;
    task.children.clear();
    for (const auto& joiner : std::exchange(task.joiners, {})) joiner();
    if (Task* const parent = task.parent; parent != nullptr) {
        task.parent = nullptr;
        if (task.failed && !task.cancelled() && !task.isolated) child_failed(*parent, task);
        std::erase_if(parent->children, [keep_alive = task.shared_from_this()](const auto& child) { return child == keep_alive; });
        end_if_joined(*parent);
    }
}

void Scheduler::child_failed(Task& parent, Task& child) {
    if (parent.child_failure == LUA_NOREF && !parent.failed) {
        lua_rawgeti(main_, LUA_REGISTRYINDEX, child.error_reference);
        parent.child_failure = luaL_ref(main_, LUA_REGISTRYINDEX);
    }
    for (const auto& sibling : parent.children) {
        if (sibling.get() != &child) cancel(*sibling, Error("cancelled", "a sibling task has failed"));
    }
    if (parent.state == Task::State::waiting) wake_interrupted(parent);
}

void Scheduler::cancel(Task& task, const Error& reason) {
    if (task.done() || task.cancelled()) return;
    task.interruption = reason;
    // A copy: children may end, and leave the list, while they are cancelled.
    const auto children = task.children;
    for (const auto& child : children) cancel(*child, reason);
    if (task.state == Task::State::waiting) wake_interrupted(task);
}

// Ends the wait that `task` is in; what is pending is raised when it is resumed.
void Scheduler::wake_interrupted(Task& task) {
    if (task.shields > 0 || task.wait == 0) return;
    const auto cancel_wait = std::exchange(task.cancel_wait, nullptr);
    const auto wait = task.wait;
    if (cancel_wait) cancel_wait();
    if (task.on_cancel == bind::OnCancel::abandon) wake(wait, nullptr);
}

void Scheduler::throw_pending(Task& task) {
    if (task.shields > 0) return;
    if (task.child_failure != LUA_NOREF) throw bind::RaisedValue(std::exchange(task.child_failure, LUA_NOREF));
    if (task.cancelled()) throw cancelled(task);
}

void Scheduler::join(Task& task, std::function<void()> ended) {
    if (task.done()) {
        ended();
    } else {
        task.joiners.push_back(std::move(ended));
    }
}

std::uint64_t Scheduler::begin_wait(lua_State* L, const std::string& function) {
    if (!lua_isyieldable(L) || current_ == nullptr) {
        throw Error("task.cannot_wait", "'" + function + "' waits, and cannot do so here: LuaJIT cannot pause inside a "
                    "table.sort comparator, a string.gsub callback, the body of a required module or a __gc finaliser")
            .hint("do it before, keep the result in a local, and use that in the callback");
    }
    throw_pending(*current_);
    current_->wait = ++last_wait_;
    waits_.emplace(last_wait_, current_);
    return last_wait_;
}

void Scheduler::abort_wait() {
    waits_.erase(current_->wait);
    current_->wait = 0;
}

void Scheduler::started_wait(std::uint64_t wait, std::function<void()> cancel, bind::OnCancel on_cancel) {
    if (current_->wait != wait) return;  // woken already
    current_->cancel_wait = std::move(cancel);
    current_->on_cancel = on_cancel;
}

void Scheduler::wake(std::uint64_t wait, bind::Finish finish) {
    const auto found = waits_.find(wait);
    if (found == waits_.end()) return;
    Task& task = *found->second;
    waits_.erase(found);
    task.wait = 0;
    task.cancel_wait = nullptr;
    task.finish = std::move(finish);
    task.finish_ready = true;
    task.state = Task::State::ready;
    ready_.push_back(task.shared_from_this());
    loop_.return_soon();
}

bind::Finish Scheduler::take_finish() {
    current_->finish_ready = false;
    auto finish = std::exchange(current_->finish, nullptr);
    throw_pending(*current_);
    return finish;
}

int Scheduler::push_wait_mark(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&wait_mark));
    return 1;
}

bool Scheduler::resumed_from_wait(lua_State* L) {
    auto& scheduler = of(L);
    return scheduler.current_ != nullptr && scheduler.current_->finish_ready;
}

void Scheduler::start_job(std::function<bind::Finish(std::stop_token)> job, std::stop_source stop, bind::Waker waker) {
    struct Job {
        uv_work_t request;
        Scheduler* scheduler;
        std::function<bind::Finish(std::stop_token)> run;
        std::stop_source stop;
        bind::Waker waker;
        bind::Finish finish;
    };
    auto owned = std::make_unique<Job>(Job{{}, this, std::move(job), std::move(stop), waker, nullptr});
    owned->request.data = owned.get();
    const auto run = [](uv_work_t* request) {
        auto& self = *static_cast<Job*>(request->data);
        try {
            self.finish = self.run(self.stop.get_token());
        } catch (const std::exception&) {
            self.finish = [failure = std::current_exception()](bind::Call&) -> int { std::rethrow_exception(failure); };
        }
    };
    const auto finished = [](uv_work_t* request, int) {
        const std::unique_ptr<Job> self(static_cast<Job*>(request->data));
        --self->scheduler->jobs_in_flight_;
        self->waker.wake(std::move(self->finish));
    };
    Loop::check(uv_queue_work(loop_.raw(), &owned->request, run, finished), "start a job");
    owned.release();
    ++jobs_in_flight_;
}

int Scheduler::request_exit(lua_State* L, int code) {
    exit_code_ = code;
    if (!lua_isyieldable(L)) throw Error("exit", "the script called os.exit");
    exiting_ = current_;
    return yielding;
}

void Scheduler::interrupt() {
    interrupted_.store(true);
    // As the stock interpreter does it: setting a hook is safe in a signal handler, running Lua is not.
    lua_sethook(main_, interrupt_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
    loop_.wake_up();
}

bool Scheduler::take_interrupt() {
    interrupt_delivered_ = false;
    return interrupted_.exchange(false);
}

void Scheduler::deliver_interrupt() {
    interrupt_delivered_ = true;
    lua_sethook(main_, nullptr, 0, 0);
    cancel(*root_, Error("interrupted", "interrupted"));
}

// Runs in whatever Lua code is busy when the signal comes.
void Scheduler::interrupt_hook(lua_State* L, lua_Debug*) {
    lua_sethook(L, nullptr, 0, 0);
    auto& scheduler = of(L);
    if (scheduler.current_ == nullptr) return;  // between tasks: the next turn delivers it
    if (!scheduler.interrupt_delivered_) scheduler.deliver_interrupt();
    if (scheduler.current_->shields > 0) return;
    bind::push_error(L, Error("interrupted", "interrupted"));
    lua_error(L);
}

}  // namespace uhost
