#include "api/process/child.hpp"

#include <csignal>

#include "host/core/process_groups.hpp"

namespace uhost::process {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto grace = std::chrono::seconds(2);
constexpr double look_every_s = 0.01;

struct OutputEnds {
    Descriptor read, write;  // none for discarded output
};

OutputEnds output_ends(OutputMode mode) {
    if (mode == OutputMode::discard) return {};
    auto ends = make_pipe();
    return {std::move(ends.read), std::move(ends.write)};
}

uv_stdio_container_t inherit(const Descriptor& descriptor) {
    uv_stdio_container_t container{};
    container.flags = descriptor.get() < 0 ? UV_IGNORE : UV_INHERIT_FD;
    container.data.fd = descriptor.get();
    return container;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (auto& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

}  // namespace

Child::Child(Loop& loop, const Command& command) : loop_(loop), arguments_(command.arguments), started_(Clock::now()) {}

Child::~Child() = default;

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
        *stream = std::make_unique<OutputReader>(loop, Descriptor(), OutputMode::discard, 0, nullptr, nullptr);
    }
    child->ending_ = Ending{0, 0, 0.0};
    return child;
}

void Child::spawn(const Command& command, const Streams& streams) {
    auto in = streams.input ? make_pipe() : DescriptorPair{};
    auto out = output_ends(streams.output);
    auto err = streams.merge ? OutputEnds{} : output_ends(streams.errors);
    uv_stdio_container_t stdio[3]{inherit(in.read), inherit(out.write), inherit(streams.merge ? out.write : err.write)};

    auto arguments = command.arguments;
    auto environment = child_environment(command);
    auto argument_pointers = pointers(arguments), environment_pointers = pointers(environment);
    uv_process_options_t options{};
    options.file = argument_pointers[0];
    options.args = argument_pointers.data();
    options.env = environment_pointers.data();
    options.cwd = command.folder.empty() ? nullptr : command.folder.c_str();
    options.flags = UV_PROCESS_DETACHED;
    options.stdio = stdio;
    options.stdio_count = 3;
    options.exit_cb = [](uv_process_t* process, std::int64_t status, int signal) {
        static_cast<Child*>(process->data)->exited(status, signal);
    };
    keep_descriptors_from_children();
    process_.reset(std::make_unique<uv_process_t>().release());
    const int code = uv_spawn(loop_.raw(), process_.get(), &options);
    if (code != 0) throw start_error(command, -code);
    process_->data = this;
    pid_ = process_->pid;
    process_groups::add(pid_);
    const auto changed = [this] { notify(); };
    if (streams.input) input_ = std::make_unique<InputWriter>(loop_, std::move(in.write));
    output_ = std::make_unique<OutputReader>(loop_, std::move(out.read), streams.output, streams.output_allowed,
                                             streams.pass_output, changed);
    errors_ = std::make_unique<OutputReader>(loop_, std::move(err.read), streams.errors, streams.errors_allowed,
                                             streams.pass_errors, changed);
}

bool Child::over() const { return ending_ && output_->ended() && errors_->ended() && terminating_ == terminated_; }

void Child::exited(std::int64_t status, int signal) {
    const std::chrono::duration<double> duration = Clock::now() - started_;
    ending_ = Ending{std::nullopt, signal, duration.count()};
    if (signal == 0) ending_->code = static_cast<int>(status);
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
    if (!killed_ && Clock::now() >= kill_at_) {
        killed_ = true;
        ::kill(-pid_, SIGKILL);
    }
    timer_ = std::make_unique<Timer>(loop_, look_every_s, [this] {
        const auto self = shared_from_this();
        look_after_termination();
    });
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

}  // namespace uhost::process
