#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <lua.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/core/error.hpp"
#include "host/lua/interpreter.hpp"

namespace uhost {

/// Pushes the results of a wait, inside the waiting coroutine; may throw. Returns how many values it pushed.
using PushResults = std::function<int(lua_State*)>;

/// What cancelling a task does to a job that runs on the worker pool. Either way the job's stop token is set.
enum class OnCancel {
    abandon,       ///< the task continues at once; the job ends by itself and its result is dropped
    wait_for_end,  ///< the task continues when the job has ended: for work that must not outlive its task
};

/// One Lua coroutine on the loop, with its place in the tree of tasks. Made and driven by the Scheduler, which holds it
/// until it is done; handles in Lua share it for its results.
struct Task : std::enable_shared_from_this<Task> {
    enum class State {
        ready,    ///< will be resumed at the loop's next turn
        running,  ///< its Lua code runs, or runs further down this stack
        waiting,  ///< yielded in a primitive
        joining,  ///< its function has returned; its children have not
        done,
    };

    std::uint64_t id = 0;
    State state = State::ready;
    Task* parent = nullptr;
    std::vector<std::shared_ptr<Task>> children;
    /// A failure goes only to whoever awaits it: no sibling is cancelled. For scopes, which await their one child.
    bool isolated = false;
    /// Ctrl-C is for this task, not for the whole run, until it ends.
    bool interruptible = false;

    lua_State* thread = nullptr;  ///< null once the task has ended without results
    std::shared_ptr<const Reference> thread_reference;
    int arguments = 0;  ///< on the thread's stack, for the first resume

    std::uint64_t wait = 0;  ///< identifies the wait to Wakers; 0 when not waiting
    std::function<void()> cancel_wait;
    OnCancel on_cancel = OnCancel::abandon;
    PushResults push_results;  ///< of the wait that is over
    bool has_results = false;

    int shields = 0;                    ///< while positive, interruption waits
    std::optional<Error> interruption;  ///< why the task was cancelled: raised by every wait from then on
    std::optional<std::chrono::steady_clock::time_point> interrupted_at;  ///< when its code first saw that
    std::shared_ptr<const Reference> child_failure;  ///< a child's error value that the task has not yet seen

    std::shared_ptr<const Reference> failure;  ///< the error value, once the task has failed
    std::vector<std::function<void()>> joiners;  ///< called when it has ended
    std::vector<std::function<void()>> return_waiters;  ///< called when its function has returned or failed

    bool done() const { return state == State::done; }
    bool returned() const { return state == State::joining || state == State::done; }
    bool failed() const { return failure != nullptr; }
    bool cancelled() const { return interruption.has_value(); }
};

}  // namespace uhost
