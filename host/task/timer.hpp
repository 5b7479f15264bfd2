#pragma once

#include "host/task/loop.hpp"

namespace uhost {

/// Calls an action once, after a delay, on the loop's thread. Destroying it cancels it. Keep its address stable.
class Timer {
public:
    /// `seconds` may be 0 (the loop's next turn); negative counts as 0.
    Timer(Loop& loop, double seconds, std::function<void()> action);
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    /// From now on the loop has nothing to wait for when this is all that is left.
    void unreference() { uv_unref(reinterpret_cast<uv_handle_t*>(handle_.get())); }

private:
    std::function<void()> action_;
    UvHandle<uv_timer_t> handle_;
};

}  // namespace uhost
