#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <lua.hpp>
#include <stop_token>
#include <unordered_map>

#include "host/lua/errors.hpp"
#include "host/lua/stop_hook.hpp"
#include "host/task/interruption.hpp"
#include "host/task/loop.hpp"
#include "host/task/task.hpp"
#include "host/task/timer.hpp"

namespace uhost {

class Host;

/// Runs Lua coroutines as tasks on one loop, with structured concurrency:
/// - a task ends when its function has returned and its children have ended;
/// - a task that fails cancels its siblings and fails its parent, at the parent's present or next wait;
/// - cancelling reaches every descendant, and what each is waiting in; it is raised by every wait from then on
///   (level-triggered), so a `pcall` cannot lose it. Shielded code runs to its end first.
///
/// All of it belongs to the thread of its Lua state, except interrupt().
class Scheduler {
public:
    /// What a bound function returns to the trampoline when it has begun a wait.
    static constexpr int yielding = -3;

    Scheduler(Host& host, Loop& loop, Interpreter& interpreter);
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    static Scheduler& of(lua_State* L);
    Host& host() { return host_; }

    /// What each run may take; 0 for no limit. A run that takes more fails, with `limit.time` or `limit.instructions`, and
    /// has a moment to clean up. Code that computes is stopped at its time only if instructions are counted, or if there is
    /// an InterruptSignal. Counted code is interpreted, never compiled. To be called once, before the first run.
    struct Limits {
        double time_s = 0;
        std::uint64_t instructions = 0;
    };
    void set_limits(Limits limits);

    /// How the root task ended; on success, how many results it left.
    struct Outcome {
        std::optional<lua::Raised> failure;
        int results = 0;
    };

    /// Runs the function at the top of `L`, above `arguments` of its own, as the root task, until it and all its
    /// descendants have ended. Pops them; leaves the results on `L`.
    Outcome run(lua_State* L, int arguments);

    /// The same in steps, for whoever has a loop of their own: begin(), step() while it returns true, and finish(). With
    /// `block`, a step waits until there is something to do. Throws what run() does, and is then over.
    void begin(lua_State* L, int arguments);
    bool step(bool block);
    Outcome finish(lua_State* L);
    /// Whether a step has something to do at once.
    bool has_work() const { return !ready_.empty(); }

    /// Starts a child of the running task from the function and arguments at `first`… of `L`'s stack, and pops them.
    std::shared_ptr<Task> spawn(lua_State* L, int first, bool isolated);
    /// Cancels a task and its descendants; `reason` is raised in each.
    void cancel(Task& task, const Error& reason);
    /// Calls `ended` when the task has ended; at once when it has.
    void join(Task& task, std::function<void()> ended);
    /// Calls `returned` when the task's function has returned or failed, though its children may run on; at once when
    /// it has.
    void on_return(Task& task, std::function<void()> returned);
    /// From now on, until it ends, the task takes what Ctrl-C interrupts: the newest one that does, and the rest runs on. A
    /// second Ctrl-C within a second is for the whole run again.
    void make_interruptible(Task& task);
    /// Whether there is such a task. Safe in signal handlers and from any thread.
    bool interrupts_are_taken() const { return interruptible_count_.load() > 0; }
    Task& current() { return *current_; }
    bool running() const { return current_ != nullptr; }

    /// Cancels the root task, and with it all others, with an `interrupted` error. Code that computes is stopped if there
    /// is an InterruptSignal. Safe in a signal handler and from any thread. `code` is what take_interrupt() returns.
    void interrupt(int code);
    /// Whether there was an interrupt that take_interrupt() has not seen.
    bool interrupted() const { return interruption_.requested(); }
    /// The code of the interrupt, 0 when there was none; the next run starts afresh.
    int take_interrupt();

    /// Ends the run at once, without resuming the calling task: what `os.exit` does. Other tasks are cancelled first.
    int request_exit(lua_State* L, int code);
    std::optional<int> exit_requested() const { return exit_code_; }

    /// Jobs on the worker pool whose tasks have gone on without them.
    int jobs_in_flight() const { return jobs_in_flight_; }

    // For the binding kit.
    std::uint64_t begin_wait(lua_State* L, const std::string& function);
    void abort_wait();
    void started_wait(std::uint64_t wait, std::function<void()> cancel, OnCancel on_cancel);
    void wake(std::uint64_t wait, PushResults push_results);
    void start_job(std::function<PushResults(std::stop_token)> job, std::stop_source stop, std::uint64_t wait);
    PushResults take_results();
    static int push_wait_mark(lua_State* L);
    static bool resumed_from_wait(lua_State* L);

private:
    /// How long cancelled code may compute after it has been stopped once.
    static constexpr auto time_to_clean_up = std::chrono::milliseconds(50);

    std::shared_ptr<Task> make_task(lua_State* L, int arguments, Task* parent);
    void turn(bool block);
    void resume(Task& task);
    void body_ended(Task& task, int status);
    void fail(Task& task, std::shared_ptr<const Reference> failure);
    void end_if_joined(Task& task);
    void end(Task& task);
    void child_failed(Task& parent, Task& child);
    void deliver_interrupt();
    Task* task_to_interrupt();
    void body_has_returned(Task& task);
    void break_deadlock();
    void clean_up_after_exit();
    void begin_limits();
    void check_limits();
    void end_for(Error reason);
    void abandon_tasks();
    static void abandon(Task& task);
    static Error cancellation(const Task& task);
    void throw_pending(Task& task);
    void wake_interrupted(Task& task);
    bool stops_here(lua_State* L, lua_Debug* where);
    static void arm_stop_hook(void* scheduler);
    static void stop_running_code(lua_State* L, lua_Debug* where);
    static bool push_stop_error(lua_State* L, lua_Debug* where);

    Host& host_;
    Loop& loop_;
    Interpreter& interpreter_;
    lua_State* main_;
    std::shared_ptr<Task> root_;
    std::shared_ptr<const Reference> spare_;  ///< the coroutine of a root task that ended well: the next one takes it
    lua_State* spare_thread_ = nullptr;
    Task* current_ = nullptr;
    std::deque<std::shared_ptr<Task>> ready_;
    std::unordered_map<std::uint64_t, Task*> waits_;
    std::uint64_t last_id_ = 0, last_wait_ = 0;
    StopHook stop_hook_;
    Interruption interruption_{arm_stop_hook, this};
    bool interrupt_delivered_ = false, deadlocked_ = false;
    std::vector<Task*> interruptible_;  // the newest last
    std::atomic<int> interruptible_count_ = 0;
    std::optional<std::chrono::steady_clock::time_point> last_taken_interrupt_;
    Limits limits_;
    std::uint64_t instructions_ = 0;  // of this run, as far as they are counted
    std::optional<std::chrono::steady_clock::time_point> time_over_;
    std::unique_ptr<Timer> timer_;
    std::optional<Error> reached_limit_;
    std::optional<int> exit_code_;
    Task* exiting_ = nullptr;  ///< called os.exit: yielded, never to be resumed
    int jobs_in_flight_ = 0;
};

}  // namespace uhost
