#pragma once

#include "api/process/child.hpp"
#include "host/bind/mutation.hpp"

/// What the binding files of `process` share.
namespace uhost::process {

/// What process.run and process.start were given.
struct Options {
    Command command;
    Streams streams;
    std::optional<std::string> input;  ///< written to it, then closed
    std::optional<double> timeout_s;   ///< run only
    bool check = false;
    std::size_t max_output_bytes = 0;
    /// Set if running it changes something: it says so, or its output goes to a file.
    std::optional<Mutation> mutation;
};

// binding_options.cpp
/// Reads (arguments, options) of process.run; all output is kept.
Options run_options(const bind::Call& call);
/// Reads (arguments, options) of process.start; unread output holds up the program.
Options start_options(const bind::Call& call);

// binding_child.cpp
/// Waits on a program: calls `ready` now and at every change of it, until it returns the Finish to go on with.
/// `on_deadline` is called once, after `timeout_s`, if there is one; `on_cancel` when the waiting task is cancelled.
struct ChildWait {
    std::shared_ptr<Child> child;
    std::function<std::optional<bind::Finish>()> ready;
    std::optional<double> timeout_s;
    std::function<void()> on_deadline;
    std::function<void()> on_cancel;
};

/// Must be a bound function's last act, as Call::wait.
int wait_on(bind::Call& call, const ChildWait& wait);

/// Pushes the process.Result of a program that has ended, taking what is left of its output.
int push_result(bind::Call& call, Child& child);

/// Records how a program ended that changes something (well only with code 0), or that runs confined.
void record_ending(const std::shared_ptr<PendingMutation>& pending, const Options& options, const Ending& ending);

/// Pushes the object that a script holds of a started program. `pending` is null unless the program changes something.
int give_child(bind::Call& call, std::shared_ptr<Child> child, const Options& options,
               std::shared_ptr<PendingMutation> pending);

// binding_signals.cpp
/// signals(names)
int signals(bind::Call& call);

}  // namespace uhost::process
