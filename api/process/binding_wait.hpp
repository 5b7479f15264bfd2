#pragma once

#include "api/process/child.hpp"
#include "host/bind/mutation.hpp"

namespace uhost::process {

/// Waits on a program: `ready` is asked now and at every change of it, until it gives the Finish to go on with.
/// `time_over` is called once, after `timeout_s`, if there is one; `cancelled` when the waiting task is.
struct ChildWait {
    std::shared_ptr<Child> child;
    std::function<std::optional<bind::Finish>()> ready;
    std::optional<double> timeout_s;
    std::function<void()> time_over;
    std::function<void()> cancelled;
};

/// Must be a bound function's last act, as Call::wait.
int wait_on(bind::Call& call, const ChildWait& wait);

/// Pushes {code, signal, stdout, stderr, duration_s} of a program that has ended, taking what is left of its output.
int push_result(bind::Call& call, Child& child);

/// Records how a program that changes something ended: well only with code 0.
void record_ending(PendingMutation& pending, const Ending& ending);

}  // namespace uhost::process
