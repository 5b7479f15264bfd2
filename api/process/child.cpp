#include "api/process/child.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "host/core/process_groups.hpp"

namespace uhost::process {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto grace = std::chrono::seconds(2);
constexpr double look_every_s = 0.01;
const OutputOptions no_output{OutputMode::discard, 0, false, {}, {}, false};

// Where the program writes, and where that is read here; neither for what is discarded.
DescriptorPair output_ends(const OutputOptions& options) {
    if (options.mode == OutputMode::discard) return {};
    if (options.mode != OutputMode::file) return make_pipe();
    const int how = O_WRONLY | O_CREAT | O_CLOEXEC | (options.append ? O_APPEND : O_TRUNC);
    DescriptorPair ends;
    ends.write = Descriptor(::open(options.file.c_str(), how, 0666));
    if (ends.write) return ends;
    throw system_error("process.output", "cannot write the output of a program to " + options.file, errno)
        .with("path", options.file);
}

}  // namespace

Child::Child(Loop& loop, const Command& command) : loop_(loop), arguments_(command.arguments), started_(Clock::now()) {}

Child::~Child() {
    if (process_ && !ending_) process_groups::remove(pid_);
}

std::shared_ptr<Child> Child::start(Loop& loop, const Command& command, const Streams& streams) {
    check(command);
    auto child = std::make_shared<Child>(loop, command);
    child->spawn(command, streams);
    return child;
}

std::shared_ptr<Child> Child::pretended(Loop& loop, const Command& command) {
    check(command);
    auto child = std::make_shared<Child>(loop, command);
    for (auto* stream : {&child->output_, &child->errors_}) {
        *stream = std::make_unique<OutputReader>(loop, Descriptor(), no_output, nullptr);
    }
    child->ending_ = Ending{.code = 0};
    return child;
}

void Child::spawn(const Command& command, const Streams& streams) {
    auto options = spawn_options(command);
    try {
        if (streams.terminal) {
            spawn_on_terminal(std::move(options), streams);
        } else {
            spawn_on_pipes(std::move(options), streams);
        }
    } catch (const std::system_error& error) {
        throw start_error(command, error.code().value());
    }
    watch_for_exit();
}

void Child::spawn_on_pipes(SpawnOptions options, const Streams& streams) {
    auto in = streams.input ? make_pipe() : DescriptorPair{};
    auto out = output_ends(streams.output);
    auto err = streams.merge ? DescriptorPair{} : output_ends(streams.errors);
    options.streams = {in.read.get(), out.write.get(), streams.merge ? out.write.get() : err.write.get()};
    process_.emplace(ChildProcess::spawn(options));
    const auto changed = [this] { notify(); };
    if (streams.input) input_ = std::make_unique<InputWriter>(loop_, std::move(in.write), false);
    output_ = std::make_unique<OutputReader>(loop_, std::move(out.read), streams.output, changed);
    errors_ = std::make_unique<OutputReader>(loop_, std::move(err.read), streams.errors, changed);
}

void Child::spawn_on_terminal(SpawnOptions options, const Streams& streams) {
    auto terminal = open_terminal(*streams.terminal);
    options.streams.fill(terminal.program.get());
    process_.emplace(ChildProcess::spawn(options));
    const auto changed = [this] { notify(); };
    Descriptor writing(::fcntl(terminal.host.get(), F_DUPFD_CLOEXEC, 0));
    input_ = std::make_unique<InputWriter>(loop_, std::move(writing), true);
    if (!streams.input) input_->finish();
    terminal_ = Descriptor(::fcntl(terminal.host.get(), F_DUPFD_CLOEXEC, 0));
    output_ = std::make_unique<OutputReader>(loop_, std::move(terminal.host), streams.output, changed);
    errors_ = std::make_unique<OutputReader>(loop_, Descriptor(), no_output, changed);
}

void Child::watch_for_exit() {
    pid_ = process_->id();
    process_groups::add(pid_);
    if (process_->exit_descriptor() < 0) return look_for_exit();
    auto watch = std::make_unique<uv_poll_t>();
    Loop::check(uv_poll_init(loop_.raw(), watch.get(), process_->exit_descriptor()), "watch a program");
    exit_watch_.reset(watch.release());
    exit_watch_->data = this;
    const auto ended = [](uv_poll_t* handle, int, int) {
        auto& self = *static_cast<Child*>(handle->data);
        self.loop_.guarded([&self] { self.look_for_exit(); });
    };
    Loop::check(uv_poll_start(exit_watch_.get(), UV_READABLE, ended), "watch a program");
}

void Child::look_for_exit() {
    const auto self = shared_from_this();
    const auto& exit = process_->try_wait();
    if (exit) return exited(*exit);
    if (!exit_watch_) exit_timer_ = std::make_unique<Timer>(loop_, look_every_s, [this] { look_for_exit(); });
}

bool Child::over() const { return ending_ && output_->ended() && errors_->ended() && terminating_ == terminated_; }

void Child::exited(const ProcessExit& exit) {
    exit_watch_.reset();
    const std::chrono::duration<double> duration = Clock::now() - started_;
    ending_ = Ending{std::nullopt,           exit.signal,     duration.count(),   exit.user_seconds, exit.system_seconds,
                     exit.peak_memory_bytes, exit.read_bytes, exit.written_bytes, exit.core_dumped};
    if (exit.signal == 0) ending_->code = exit.code;
    group_outlived_ = ::kill(-pid_, 0) == 0;
    if (!terminating_) process_groups::remove(pid_);
    if (input_) input_->close();
    notify();
}

// Its number may be another's once the group is empty; until then the system does not give it away.
bool Child::group_left() const { return pid_ > 0 && (!ending_ || group_outlived_) && ::kill(-pid_, 0) == 0; }

bool Child::kill(int signal) {
    if (ending_) return false;
    return ::kill(-pid_, signal) == 0;
}

void Child::resize(const TerminalSize& size) {
    if (!terminal_) {
        throw Error("process.no_terminal", fmt::format("{} has no terminal", arguments_[0]))
            .hint("start it with terminal = true");
    }
    if (!set_size(terminal_, size)) throw system_error("process.no_terminal", "cannot resize the terminal", errno);
    kill(SIGWINCH);
}

void Child::terminate(bool drop_output) {
    if (drop_output) close_streams();
    if (terminating_ || over()) {
        notify();
        return;
    }
    terminating_ = true;
    kill_at_ = Clock::now() + grace;
    if (group_left()) {
        ::kill(-pid_, SIGTERM);
        ::kill(-pid_, SIGCONT);  // a stopped program would not see it
    }
    look_after_termination();
}

void Child::look_after_termination() {
    // Dead members whose parent never collects them still count as the group: after SIGKILL it is not waited for.
    if (ending_ && (killed_ || !group_left())) return finish_termination();
    if (!killed_ && Clock::now() >= kill_at_) kill_the_rest();
    timer_ = std::make_unique<Timer>(loop_, look_every_s, [this] {
        const auto self = shared_from_this();
        look_after_termination();
    });
}

// A supervisor is asked first; it reaches what has left the group.
void Child::kill_the_rest() {
    if (!asked_supervisor_ && !ending_ && process_->end_supervised()) {
        asked_supervisor_ = true;
        kill_at_ = Clock::now() + grace;
        return;
    }
    killed_ = true;
    ::kill(-pid_, SIGKILL);
}

void Child::finish_termination() {
    terminated_ = true;
    group_outlived_ = false;
    process_groups::remove(pid_);
    timer_.reset();
    close_streams();
    notify();
}

void Child::close_streams() {
    if (input_) input_->close();
    terminal_ = Descriptor();
    output_->close();
    errors_->close();
}

Child::Watch Child::watch(std::function<void()> changed) {
    watchers_.emplace_back(++last_watch_, std::move(changed));
    return last_watch_;
}

void Child::unwatch(Watch watch) {
    std::erase_if(watchers_, [watch](const auto& watcher) { return watcher.first == watch; });
}

void Child::notify() {
    const auto self = shared_from_this();
    // Watchers come and go while they are called.
    const auto watchers = watchers_;
    for (const auto& [id, changed] : watchers) changed();
}

std::shared_ptr<Child> Children::start(const Command& command, const Streams& streams, std::uint64_t owner) {
    auto child = Child::start(loop_, command, streams);
    keep(child, owner);
    return child;
}

void Children::owner_ended(std::uint64_t owner, bool badly) {
    owners_.erase(owner);
    if (!badly) return;
    for (const auto& running : std::vector(running_)) {
        if (running.owner == owner) running.child->terminate(true);
    }
}

void Children::keep(const std::shared_ptr<Child>& child, std::uint64_t owner) {
    running_.push_back({child, owner});
    const auto watch = std::make_shared<Child::Watch>();
    *watch = child->watch([this, watch, raw = child.get()] {
        if (!raw->over()) return;
        const auto self = raw->shared_from_this();
        std::erase_if(running_, [&](const auto& running) { return running.child == self; });
        raw->unwatch(*watch);
        over_->push_back(self);
        loop_.post([over = std::weak_ptr(over_)] {
            if (const auto list = over.lock()) list->clear();
        });
    });
}

Children::~Children() {
    for (const auto& running : std::vector(running_)) running.child->terminate(true);
    while (!running_.empty()) loop_.run_once(true);
}

}  // namespace uhost::process
