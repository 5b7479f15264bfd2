#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "api/process/command.hpp"
#include "api/process/streams.hpp"
#include "host/task/timer.hpp"

namespace uhost::process {

/// How the standard streams of a program are set up.
struct Streams {
    bool input = false;  ///< whether it can be written to; otherwise it is empty
    OutputOptions output, errors;
    bool merge = false;  ///< errors go where the output goes
    /// All three streams are a pseudo-terminal of this size; what is written to it is the output.
    std::optional<TerminalSize> terminal;
};

/// A running program, in a session and process group of its own: a terminal's Ctrl-C does not reach it, and a signal
/// reaches what it started in turn, unless that has left the group. It has no controlling terminal, so a password
/// prompt fails instead of hanging. Waiting for it takes no thread. Loop thread only. Kept alive by its Children while
/// it runs.
class Child : public std::enable_shared_from_this<Child> {
public:
    /// Throws `process.not_found`, `process.folder`, `process.start`, and `process.output` for a file that cannot be
    /// opened to be written.
    static std::shared_ptr<Child> start(Loop& loop, const Command& command, const Streams& streams);
    /// A program that was not started, because nothing is to be changed; it has ended well and written nothing.
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
    /// Changes the size of its terminal, and sends SIGWINCH, which the kernel sends through a controlling terminal only.
    /// Throws `process.no_terminal`.
    void resize(const TerminalSize& size);
    /// Ends it and its group: SIGTERM now, SIGKILL to what is left after two seconds; over() soon after. With
    /// `drop_output`, nothing more is read.
    void terminate(bool drop_output);

    /// Calls `changed` at every change (more output, an output's end, its own end) until unwatched.
    using Watch = std::uint64_t;
    Watch watch(std::function<void()> changed);
    void unwatch(Watch watch);

private:
    void spawn(const Command& command, const Streams& streams);
    void spawn_on_pipes(SpawnOptions options, const Streams& streams);
    void spawn_on_terminal(SpawnOptions options, const Streams& streams);
    void watch_for_exit();
    void look_for_exit();
    void exited(const ProcessExit& exit);
    void notify();
    bool group_left() const;
    void look_after_termination();
    void kill_the_rest();
    void close_streams();
    void finish_termination();

    Loop& loop_;
    std::vector<std::string> arguments_;
    std::chrono::steady_clock::time_point started_, kill_at_;
    int pid_ = 0;
    std::optional<Ending> ending_;
    bool terminating_ = false, asked_supervisor_ = false, killed_ = false, terminated_ = false;
    bool group_outlived_ = false;  // something of its group was there when it ended
    std::optional<ChildProcess> process_;
    UvHandle<uv_poll_t> exit_watch_;  // before process_ closes what it watches
    std::unique_ptr<Timer> exit_timer_;
    Descriptor terminal_;  // the host's end of it
    std::unique_ptr<InputWriter> input_;
    std::unique_ptr<OutputReader> output_, errors_;
    std::unique_ptr<Timer> timer_;
    std::list<std::pair<Watch, std::function<void()>>> watchers_;
    Watch last_watch_ = 0;
};

/// Every program that is running. Destroying it, as the end of a script does, ends them all and waits for that.
class Children {
public:
    explicit Children(Loop& loop) : loop_(loop) {}
    ~Children();
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;

    /// Starts a program and keeps it until it is over. `owner` is any number to end it by; 0 for none.
    std::shared_ptr<Child> start(const Command& command, const Streams& streams, std::uint64_t owner);
    /// Whether this owner is new: then owner_ended() must be called at its end.
    bool add_owner(std::uint64_t owner) { return owners_.insert(owner).second; }
    /// With `badly`, ends what was started for that owner and still runs.
    void owner_ended(std::uint64_t owner, bool badly);

private:
    struct Running {
        std::shared_ptr<Child> child;
        std::uint64_t owner;
    };
    void keep(const std::shared_ptr<Child>& child, std::uint64_t owner);

    Loop& loop_;
    std::vector<Running> running_;
    std::set<std::uint64_t> owners_;
    /// Dropped at the loop's next turn: their own code still runs when they are put here.
    std::shared_ptr<std::vector<std::shared_ptr<Child>>> over_ =
        std::make_shared<std::vector<std::shared_ptr<Child>>>();
};

/// What a script holds of a program: the program ends with it.
class ChildHandle {
public:
    explicit ChildHandle(std::shared_ptr<Child> child) : child_(std::move(child)) {}
    ~ChildHandle() { child_->terminate(true); }
    ChildHandle(const ChildHandle&) = delete;
    ChildHandle& operator=(const ChildHandle&) = delete;
    const std::shared_ptr<Child>& child() const { return child_; }

private:
    std::shared_ptr<Child> child_;
};

}  // namespace uhost::process
