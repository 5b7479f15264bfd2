#pragma once

#include <sys/types.h>

#include <chrono>
#include <list>
#include <memory>

#include "api/process/command.hpp"
#include "api/process/input_writer.hpp"
#include "api/process/output_reader.hpp"
#include "host/task/timer.hpp"

namespace uhost::process {

/// How the three standard streams of a program are set up.
struct Streams {
    bool input = false;  ///< whether it can be written to; otherwise it is empty
    OutputMode output = OutputMode::keep, errors = OutputMode::keep;
    bool merge = false;  ///< errors go where the output goes
    std::size_t output_allowed = 0, errors_allowed = 0;
    OutputReader::Sink pass_output, pass_errors;
};

/// How a program ended: by itself with a code, or by a signal.
struct Ending {
    std::optional<int> code;
    int signal = 0;
    double duration_s = 0;
};

/// A running program, in a session and process group of its own: a terminal's Ctrl-C does not reach it, and a signal
/// reaches what it started in turn, unless that has left the group. Has no controlling terminal, so a password prompt
/// fails instead of hanging. Loop thread only. Kept alive by its Children while it runs.
class Child : public std::enable_shared_from_this<Child> {
public:
    /// Throws `process.not_found`, `process.folder`, `process.start`.
    static std::shared_ptr<Child> start(Loop& loop, const Command& command, const Streams& streams);
    /// A program that was not started, because nothing is to be changed; it has ended well and said nothing.
    static std::shared_ptr<Child> pretended(Loop& loop, const Command& command);
    Child(Loop& loop, const Command& command);
    ~Child();

    int pid() const { return pid_; }
    const std::vector<std::string>& arguments() const { return arguments_; }
    const std::optional<Ending>& ending() const { return ending_; }
    /// It has ended, and so have its outputs; if it was terminated, its group is gone too.
    bool over() const;

    InputWriter* input() { return input_.get(); }
    OutputReader& output() { return *output_; }
    OutputReader& errors() { return *errors_; }

    /// Sends a signal to it and its group. False when it has ended.
    bool kill(int signal);
    /// Ends it and its group: SIGTERM now, SIGKILL to what is left after two seconds; over() soon after. With
    /// `drop_output`, nothing more is read.
    void terminate(bool drop_output);

    /// Calls `changed` at every change (more output, an output's end, its own end) until unwatched.
    using Watch = std::uint64_t;
    Watch watch(std::function<void()> changed);
    void unwatch(Watch watch);

private:
    void spawn(const Command& command, const Streams& streams);
    void exited(std::int64_t status, int signal);
    void notify();
    bool group_left() const;
    void look_after_termination();
    void close_streams();
    void finish_termination();

    Loop& loop_;
    std::vector<std::string> arguments_;
    std::chrono::steady_clock::time_point started_, kill_at_;
    int pid_ = 0;
    std::optional<Ending> ending_;
    bool terminating_ = false, killed_ = false, terminated_ = false;
    bool group_outlived_ = false;  // something of its group was there when it ended
    UvHandle<uv_process_t> process_;
    std::unique_ptr<InputWriter> input_;
    std::unique_ptr<OutputReader> output_, errors_;
    std::unique_ptr<Timer> timer_;
    std::list<std::pair<Watch, std::function<void()>>> watchers_;
    Watch last_watch_ = 0;
};

}  // namespace uhost::process
