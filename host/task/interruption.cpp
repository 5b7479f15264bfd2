#include "host/task/interruption.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "host/task/interrupt_signal.hpp"

namespace uhost {
namespace {

std::atomic<int> signal_number = 0;

// The innermost run of this thread. In memory that exists with the thread, so that signal handlers may read it.
[[gnu::tls_model("initial-exec")]] thread_local Interruption::Running* innermost = nullptr;

void on_interrupt_signal(int) {
    const int saved = errno;
    deliver_to_thread();
    errno = saved;
}

}  // namespace

InterruptSignal::InterruptSignal(int signal) : signal_(signal) {
    struct sigaction action{};
    action.sa_handler = on_interrupt_signal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(signal, &action, &previous_);
    signal_number.store(signal);
}

InterruptSignal::~InterruptSignal() {
    signal_number.store(0);
    sigaction(signal_, &previous_, nullptr);
}

void Interruption::request(int code) {
    code_.store(code);
    // By the kernel's number: should the thread have ended by now, this does nothing.
    const int signal = signal_number.load();
    const pid_t thread = thread_.load();
    if (signal != 0 && thread != 0) syscall(SYS_tgkill, getpid(), thread, signal);
}

Interruption::Running::Running(Interruption& interruption)
    : interruption_(interruption), outer_(std::exchange(innermost, this)) {
    if (signal_number.load() != 0) interruption_.thread_.store(static_cast<pid_t>(syscall(SYS_gettid)));
    interruption_.running_ = this;
}

Interruption::Running::~Running() {
    interruption_.stop_looking();
    if (timer_) timer_delete(*timer_);
    interruption_.running_ = nullptr;
    interruption_.thread_.store(0);
    innermost = outer_;
}

void Interruption::look_in(std::chrono::milliseconds delay) {
    const int signal = signal_number.load();
    if (signal == 0 || running_ == nullptr) return;
    if (auto& timer = running_->timer_; !timer) {
        sigevent event{};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = signal;
        event._sigev_un._tid = thread_.load();
        timer_t made{};
        if (timer_create(CLOCK_MONOTONIC, &event, &made) != 0) return;
        timer = made;
    }
    looking_.store(true);
    const auto nanoseconds = std::chrono::nanoseconds(delay).count();
    const itimerspec once{{}, {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000}};
    timer_settime(*running_->timer_, 0, &once, nullptr);
}

void Interruption::stop_looking() {
    if (!looking_.exchange(false)) return;
    const itimerspec never{};
    timer_settime(*running_->timer_, 0, &never, nullptr);
}

void deliver_to_thread() {
    for (const auto* run = innermost; run != nullptr; run = run->outer_) {
        auto& interruption = run->interruption_;
        if (interruption.requested() || interruption.looking_.load()) interruption.on_signal_(interruption.object_);
    }
}

}  // namespace uhost
