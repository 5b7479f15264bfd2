#pragma once

#include <sys/types.h>

#include <atomic>

namespace uhost {

/// The request to stop what a thread runs, which comes from signal handlers and other threads: a flag, and a signal to
/// the thread (see InterruptSignal), whose handler calls on_signal() there.
class Interruption {
public:
    /// `on_signal` is called with `object` in a signal handler on the thread that runs.
    Interruption(void (*on_signal)(void*), void* object) : on_signal_(on_signal), object_(object) {}

    /// Safe in signal handlers and from any thread. `code` is not 0.
    void request(int code);
    bool requested() const { return code_.load() != 0; }
    /// The code of the request, or 0; there is none afterwards.
    int take() { return code_.exchange(0); }

    /// Marks the calling thread as the one that runs, as long as it lives. Runs of several hosts may nest in one thread.
    class Running {
    public:
        explicit Running(Interruption& interruption);
        ~Running();
        Running(const Running&) = delete;
        Running& operator=(const Running&) = delete;

    private:
        friend void deliver_to_thread();
        Interruption& interruption_;
        Running* outer_;
    };

private:
    friend void deliver_to_thread();

    void (*on_signal_)(void*);
    void* object_;
    std::atomic<int> code_ = 0;
    std::atomic<pid_t> thread_ = 0;  // that runs, or 0
};

/// Calls on_signal() of every requested interruption of what the calling thread runs.
void deliver_to_thread();

}  // namespace uhost
