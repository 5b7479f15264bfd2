#pragma once

#include <sys/types.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <optional>

namespace uhost {

/// The request to stop what a thread runs, which comes from signal handlers and other threads: a flag, and a signal to
/// the thread (see InterruptSignal), whose handler calls on_signal() there.
class Interruption {
public:
    /// `on_signal` is called with `object` in a signal handler on the thread that runs.
    Interruption(void (*on_signal)(void*), void* object) : on_signal_(on_signal), object_(object) {}

    /// Safe in signal handlers and from any thread. `code` is not 0.
    void request(int code);
    bool requested() const { return code() != 0; }
    int code() const { return code_.load(); }
    /// The code of the request, or 0; there is none afterwards.
    int take() { return code_.exchange(0); }

    /// Calls on_signal() on the running thread after `delay` too, unless stop_looking() comes first: for code that was
    /// cancelled, and computes. On that thread only; without an InterruptSignal nothing is called.
    void look_in(std::chrono::milliseconds delay);
    void stop_looking();

    /// Marks the calling thread as the one that runs, as long as it lives. Runs of several hosts may nest in one thread.
    class Running {
    public:
        explicit Running(Interruption& interruption);
        ~Running();
        Running(const Running&) = delete;
        Running& operator=(const Running&) = delete;

    private:
        friend class Interruption;
        friend void deliver_to_thread();
        Interruption& interruption_;
        Running* outer_;
        std::optional<timer_t> timer_;  // once it was needed
    };

private:
    friend void deliver_to_thread();

    void (*on_signal_)(void*);
    void* object_;
    std::atomic<int> code_ = 0;
    std::atomic<pid_t> thread_ = 0;  // that runs, or 0
    Running* running_ = nullptr;
    std::atomic<bool> looking_ = false;
};

/// Calls on_signal() of what the calling thread runs, where an interruption was requested or a look is due.
void deliver_to_thread();

}  // namespace uhost
