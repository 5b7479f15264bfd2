#include "host/task/scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace uhost {
namespace {

// Their addresses are, in the registry, the scheduler of a Lua state, and, yielded, the mark of a host wait.
const char registry_key = 0;
const char wait_mark = 0;

Error deadlock() {
    return Error("task.deadlock", "every task is waiting for another; none can go on")
        .hint("look for a task that awaits itself, or a limit that is acquired twice");
}

Error too_much_memory(std::size_t limit_bytes) {
    if (limit_bytes == 0) return Error("memory", "out of memory");
    return Error("memory", fmt::format("the script's values take more than {} MiB of memory", limit_bytes >> 20))
        .hint("keep less at a time, or allow more: uhost --memory SIZE, such as 4G");
}

}  // namespace

Scheduler::Scheduler(Host& host, Loop& loop, Interpreter& interpreter)
    : host_(host), loop_(loop), interpreter_(interpreter), main_(interpreter.state()), stop_hook_(main_) {
    lua_pushlightuserdata(main_, const_cast<char*>(&registry_key));
    lua_pushlightuserdata(main_, this);
    lua_rawset(main_, LUA_REGISTRYINDEX);
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
    begin(L, arguments);
    while (step(true)) {
    }
    return finish(L);
}

void Scheduler::begin(lua_State* L, int arguments) {
    if (root_ != nullptr) throw Error("usage", "this host runs a script already").hint("a host runs one script at a time");
    exit_code_.reset();
    exiting_ = nullptr;
    deadlocked_ = false;
    root_ = make_task(L, arguments, nullptr);
    ready_.push_back(root_);
    begin_limits();
}

bool Scheduler::step(bool block) {
    const Interruption::Running running(interruption_);
    try {
        if (!root_->done() && !exit_code_) turn(block);
        if (exit_code_) clean_up_after_exit();
    } catch (const std::exception&) {
        abandon_tasks();
        throw;
    }
    return !root_->done() && !exit_code_;
}

Scheduler::Outcome Scheduler::finish(lua_State* L) {
    const auto root = std::exchange(root_, nullptr);
    timer_.reset();
    if (exit_code_) return {};
    if (deadlocked_ && !root->failed()) throw deadlock();
    Outcome outcome;
    if (root->failed()) {
        root->failure->push(L);
        outcome.failure = lua::read_error(L, -1);
        lua_pop(L, 1);
    } else if (root->thread != nullptr) {
        outcome.results = lua_gettop(root->thread);
        luaL_checkstack(L, outcome.results, "results of the script");
        lua_xmove(root->thread, L, outcome.results);
        spare_thread_ = root->thread;
        spare_ = root->thread_reference;
    }
    // Whatever the script made of it.
    if (reached_limit_ && (!outcome.failure || outcome.failure->error.kind() != reached_limit_->kind())) {
        outcome.failure = lua::Raised{*reached_limit_, "", ""};
    }
    return outcome;
}

// The task that called os.exit never runs again; the others get to clean up.
void Scheduler::clean_up_after_exit() {
    cancel(*root_, Error("cancelled", "the script called os.exit"));
    if (exiting_ != nullptr) {  // whoever awaits it, to clean up, continues
        exiting_->state = Task::State::joining;
        end_if_joined(*exiting_);
    }
    while (!ready_.empty() || !waits_.empty()) turn(true);
}

// After a failure of the scheduler itself: no task runs again.
void Scheduler::abandon_tasks() {
    for (auto& [wait, task] : std::exchange(waits_, {})) {
        task->wait = 0;
        if (const auto cancel_wait = std::exchange(task->cancel_wait, nullptr)) cancel_wait();
    }
    ready_.clear();
    interruptible_.clear();
    interruptible_count_ = 0;
    current_ = nullptr;
    if (const auto root = std::exchange(root_, nullptr)) abandon(*root);
}

void Scheduler::abandon(Task& task) {
    task.state = Task::State::done;
    task.parent = nullptr;
    task.joiners.clear();
    task.return_waiters.clear();
    for (const auto& child : std::exchange(task.children, {})) abandon(*child);
}

// One turn: resume what was ready when it began, then see to the loop; with `block`, wait there when nobody is ready.
void Scheduler::turn(bool block) {
    if (interruption_.requested() && !interrupt_delivered_) deliver_interrupt();
    for (auto count = ready_.size(); count > 0 && !ready_.empty(); --count) {
        const auto task = ready_.front();
        ready_.pop_front();
        resume(*task);
        if (exit_code_ && !root_->cancelled()) return;  // to clean up, before any wait
    }
    if (root_->done() || (exiting_ != nullptr && waits_.empty())) return;
    const auto interrupted = [this] { return interruption_.requested() && !interrupt_delivered_; };
    const bool alive = loop_.run_once(block && ready_.empty() && !interrupted());
    if (!alive && ready_.empty() && !root_->done() && !interrupted()) break_deadlock();
}

void Scheduler::break_deadlock() {
    if (std::exchange(deadlocked_, true)) throw deadlock();
    cancel(*root_, deadlock());
    if (ready_.empty()) throw deadlock();
}

std::shared_ptr<Task> Scheduler::make_task(lua_State* L, int arguments, Task* parent) {
    auto task = std::make_shared<Task>();
    task->id = ++last_id_;
    task->parent = parent;
    task->arguments = arguments;
    if (parent == nullptr && spare_ != nullptr) {
        task->thread = spare_thread_;
        task->thread_reference = std::exchange(spare_, nullptr);
    } else {
        task->thread = lua_newthread(L);
        task->thread_reference = std::make_shared<Reference>(L);
    }
    luaL_checkstack(task->thread, arguments + 1, "arguments of a task");
    lua_xmove(L, task->thread, arguments + 1);
    return task;
}

std::shared_ptr<Task> Scheduler::spawn(lua_State* L, int first, bool isolated) {
    Task& parent = *current_;
    auto task = make_task(L, lua_gettop(L) - first, &parent);
    task->isolated = isolated;
    if (parent.cancelled()) task->interruption = cancellation(parent);
    parent.children.push_back(task);
    ready_.push_back(task);
    return task;
}

void Scheduler::resume(Task& task) {
    if (task.state != Task::State::ready) return;
    task.state = Task::State::running;
    Task* const outer = current_;
    current_ = &task;
    if (task.cancelled()) {
        interruption_.look_in(time_to_clean_up);
    } else if (time_over_) {
        const auto left = *time_over_ - std::chrono::steady_clock::now();
        interruption_.look_in(std::max(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(1)));
    }
    const int status = lua_resume(task.thread, std::exchange(task.arguments, 0));
    current_ = outer;
    interruption_.stop_looking();
    if (!interruption_.requested() && stop_hook_.armed()) stop_hook_.disarm();
    if (status != LUA_YIELD) {
        body_ended(task, status);
    } else if (lua_touserdata(task.thread, -1) != &wait_mark) {
        lua::push_error(main_, Error("lua", "attempt to yield from outside a coroutine")
                                    .hint("coroutine.yield needs a coroutine that you resume; to wait, use task.sleep"));
        fail(task, std::make_shared<Reference>(main_));
        body_has_returned(task);
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
        if (status == LUA_ERRMEM) {
            lua_pop(main_, 1);
            lua::push_error(main_, too_much_memory(interpreter_.memory_limit_bytes()));
        }
        lua::complete_error(main_, task.thread);
        fail(task, std::make_shared<Reference>(main_));
    }
    body_has_returned(task);
}

void Scheduler::body_has_returned(Task& task) {
    task.state = Task::State::joining;
    for (const auto& waiter : std::exchange(task.return_waiters, {})) waiter();
    end_if_joined(task);
}

void Scheduler::fail(Task& task, std::shared_ptr<const Reference> failure) {
    if (task.failed()) return;
    task.failure = std::move(failure);
    task.state = Task::State::joining;
    for (const auto& child : task.children) cancel(*child, Error("cancelled", "the task that started it has failed"));
}

void Scheduler::end_if_joined(Task& task) {
    if (task.state != Task::State::joining) return;
    const auto alive = [](const auto& child) { return !child->done(); };
    if (std::ranges::any_of(task.children, alive)) return;
    const auto child_failure = std::exchange(task.child_failure, nullptr);
    if (!task.failed()) task.failure = child_failure;
    end(task);
}

void Scheduler::end(Task& task) {
    task.state = Task::State::done;
    task.children.clear();
    if (task.interruptible) {
        std::erase(interruptible_, &task);
        interruptible_count_ = static_cast<int>(interruptible_.size());
    }
    // What its stack holds is needed no more, and may hold the task itself.
    const bool is_empty = lua_gettop(task.thread) == 0 && &task != root_.get();
    if (task.failed() || &task == exiting_ || is_empty) {
        task.thread = nullptr;
        task.thread_reference.reset();
    }
    for (const auto& joiner : std::exchange(task.joiners, {})) joiner();
    if (Task* const parent = task.parent; parent != nullptr) {
        task.parent = nullptr;
        if (task.failed() && !task.cancelled() && !task.isolated) child_failed(*parent, task);
        std::erase_if(parent->children, [keep_alive = task.shared_from_this()](const auto& child) { return child == keep_alive; });
        end_if_joined(*parent);
    }
}

void Scheduler::child_failed(Task& parent, Task& child) {
    if (parent.child_failure == nullptr && !parent.failed()) parent.child_failure = child.failure;
    for (const auto& sibling : parent.children) {
        if (sibling.get() != &child) cancel(*sibling, Error("cancelled", "a sibling task has failed"));
    }
    if (parent.state == Task::State::waiting) wake_interrupted(parent);
}

void Scheduler::cancel(Task& task, const Error& reason) {
    if (task.done() || task.cancelled()) return;
    task.interruption = reason;
    if (&task == current_) interruption_.look_in(time_to_clean_up);  // it cancels itself, or what it is part of
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
    if (task.on_cancel == OnCancel::abandon) wake(wait, nullptr);
}

// Why a task was cancelled.
Error Scheduler::cancellation(const Task& task) {
    return task.interruption ? *task.interruption : Error("cancelled", "the task was cancelled");
}

void Scheduler::throw_pending(Task& task) {
    if (task.shields > 0) return;
    if (task.child_failure != nullptr) throw lua::RaisedValue(std::exchange(task.child_failure, nullptr));
    if (!task.cancelled()) return;
    const auto now = std::chrono::steady_clock::now();
    if (!task.interrupted_at) task.interrupted_at = now;
    if (now - *task.interrupted_at >= time_to_clean_up) stop_hook_.arm(stop_running_code);
    throw cancellation(task);
}

void Scheduler::join(Task& task, std::function<void()> ended) {
    if (task.done()) {
        ended();
    } else {
        task.joiners.push_back(std::move(ended));
    }
}

void Scheduler::on_return(Task& task, std::function<void()> returned) {
    if (task.returned()) {
        returned();
    } else {
        task.return_waiters.push_back(std::move(returned));
    }
}

void Scheduler::make_interruptible(Task& task) {
    task.interruptible = true;
    interruptible_.push_back(&task);
    interruptible_count_ = static_cast<int>(interruptible_.size());
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

void Scheduler::started_wait(std::uint64_t wait, std::function<void()> cancel, OnCancel on_cancel) {
    if (current_->wait != wait) return;  // woken already
    current_->cancel_wait = std::move(cancel);
    current_->on_cancel = on_cancel;
}

void Scheduler::wake(std::uint64_t wait, PushResults push_results) {
    const auto found = waits_.find(wait);
    if (found == waits_.end()) return;
    Task& task = *found->second;
    waits_.erase(found);
    task.wait = 0;
    task.cancel_wait = nullptr;
    task.push_results = std::move(push_results);
    task.has_results = true;
    task.state = Task::State::ready;
    ready_.push_back(task.shared_from_this());
    loop_.return_soon();
}

PushResults Scheduler::take_results() {
    current_->has_results = false;
    auto push_results = std::exchange(current_->push_results, nullptr);
    throw_pending(*current_);
    return push_results;
}

int Scheduler::push_wait_mark(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&wait_mark));
    return 1;
}

bool Scheduler::resumed_from_wait(lua_State* L) {
    auto& scheduler = of(L);
    return scheduler.current_ != nullptr && scheduler.current_->has_results;
}

void Scheduler::start_job(std::function<PushResults(std::stop_token)> job, std::stop_source stop, std::uint64_t wait) {
    struct Job {
        uv_work_t request;
        Scheduler* scheduler;
        std::function<PushResults(std::stop_token)> run;
        std::stop_source stop;
        std::uint64_t wait;
        PushResults push_results;
    };
    auto owned = std::make_unique<Job>(Job{{}, this, std::move(job), std::move(stop), wait, nullptr});
    owned->request.data = owned.get();
    const auto run = [](uv_work_t* request) {
        auto& self = *static_cast<Job*>(request->data);
        try {
            self.push_results = self.run(self.stop.get_token());
        } catch (const std::exception&) {
            self.push_results = [failure = std::current_exception()](lua_State*) -> int { std::rethrow_exception(failure); };
        }
    };
    const auto finished = [](uv_work_t* request, int) {
        const std::unique_ptr<Job> self(static_cast<Job*>(request->data));
        auto& scheduler = *self->scheduler;
        --scheduler.jobs_in_flight_;
        scheduler.loop_.guarded([&] { scheduler.wake(self->wait, std::move(self->push_results)); });
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

}  // namespace uhost
