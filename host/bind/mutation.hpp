#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "host/bind/module.hpp"
#include "host/plan/plan.hpp"

namespace uhost::bind {

/// What came of a mutation: what `apply` returns to Call::mutate and its siblings.
struct MutationResult {
    std::string summary;  ///< for the audit trail: "2 references updated", or with `failed` the reason
    Finish finish;        ///< pushes what the call returns; null: nothing
    bool failed = false;  ///< it failed and yet the call returns: an HTTP status of 400, a program that exits with 1
};

/// Wakes a task that waits for a mutation. Copyable, as Waker.
class MutationWaker {
public:
    MutationWaker(Waker waker, std::shared_ptr<PendingMutation> pending)
        : waker_(waker), pending_(std::move(pending)) {}
    /// `result` is called in the waiting coroutine; what it throws is recorded and raised.
    void wake(std::function<MutationResult()> result) const;

private:
    Waker waker_;
    std::shared_ptr<PendingMutation> pending_;
};

/// Gives bound functions of this Lua state the plan that their mutations go through. It must outlive the state.
void attach_plan(lua_State* L, Plan& plan);

}  // namespace uhost::bind
