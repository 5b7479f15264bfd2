#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/core/spawn.hpp"

namespace uhost::git {

class Transfer;

/// A program that this room talks to on a worker thread (ssh, a credential helper): in a session of its own, so that it
/// has no terminal to ask questions on and Ctrl-C does not reach it before we do. Killed when destroyed.
class Child {
public:
    /// Starts `arguments`, the first looked up in PATH; `environment` changes ours. Throws `git.program`.
    Child(const std::vector<std::string>& arguments, const std::string& folder, const EnvironmentChanges& environment);

    /// Up to `size` bytes of its output; 0 at the end. Throws `git.network` when nothing comes for `timeout_s`, and
    /// `git.cancelled`.
    std::size_t read(char* into, std::size_t size, double timeout_s, const Transfer* transfer);
    /// Gives it all of `data`; false when it does not take it any more. Throws as read().
    bool write(const char* data, std::size_t size, double timeout_s, const Transfer* transfer);
    void close_input();

    /// Waits for its end, after reading what is left of its errors; the exit code, or 128 + the signal.
    int wait(double timeout_s, const Transfer* transfer);
    /// The last of what it wrote to standard error.
    const std::string& errors() const noexcept { return errors_; }

private:
    void drain_errors();
    void wait_ready(int descriptor, short events, double timeout_s, const Transfer* transfer);

    std::optional<ChildProcess> process_;
    Descriptor input_, output_, error_;
    std::string errors_;
};

}  // namespace uhost::git
