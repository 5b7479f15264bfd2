#pragma once

#include <csignal>
#include <deque>
#include <functional>
#include <vector>

#include "host/task/loop.hpp"

namespace uhost::process {

/// Takes signals that the process gets, in place of what they do otherwise, until it is gone. Signals belong to the
/// whole process: one object should take one. Belongs to the loop's thread.
class Signals {
public:
    Signals(Loop& loop, const std::vector<int>& numbers);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    bool ready() const { return !received_.empty(); }
    int take();
    /// Calls `action` once, when ready() becomes true; empty to call nobody.
    void when_ready(std::function<void()> action) { when_ready_ = std::move(action); }
    bool awaited() const { return static_cast<bool>(when_ready_); }

private:
    struct Taken {
        int number;
        struct sigaction previous;
        UvHandle<uv_signal_t> handle;
    };

    void receive(int number);

    std::vector<Taken> taken_;
    std::deque<int> received_;
    std::function<void()> when_ready_;
};

}  // namespace uhost::process
