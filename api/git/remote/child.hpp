#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/core/spawn.hpp"

namespace uhost::git {

class Transfer;

/// A program that a worker thread talks to (ssh, a credential helper, git): in a session of its own, so that it has no
/// terminal to ask questions on and Ctrl-C does not reach it before we do. Killed when destroyed.
class Child {
public:
    /// Starts `arguments`, the first looked up in PATH; `environment` changes ours. Throws `git.program`.
    Child(const std::vector<std::string>& arguments, const std::string& folder, const EnvironmentChanges& environment);

    /// Up to `size` bytes of its output; 0 at the end. Throws `git.network` when nothing comes for `timeout_s`, not
    /// even on standard error, and `git.cancelled`.
    std::size_t read(char* into, std::size_t size, double timeout_s, const Transfer* transfer);
    /// Gives it all of `data`; false when it does not take it any more. Throws as read().
    bool write(const char* data, std::size_t size, double timeout_s, const Transfer* transfer);
    void close_input();

    /// Waits for its end, after reading what is left of its errors; the exit code, or 128 + the signal.
    int wait(double timeout_s, const Transfer* transfer);
    /// Asks its group to end, and waits for that.
    void terminate(double timeout_s);

    /// Called with what it writes to standard error, while it is read from or waited for.
    std::function<void(std::string_view)> on_errors;

    /// The last of what it wrote to standard error.
    const std::string& errors() const noexcept { return errors_; }

private:
    bool drain_errors();
    void wait_ready(int descriptor, short events, double timeout_s, const Transfer* transfer);

    std::optional<ChildProcess> process_;
    Descriptor input_, output_, error_;
    std::string errors_;
};

}  // namespace uhost::git
