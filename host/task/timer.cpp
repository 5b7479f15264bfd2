#include "host/task/timer.hpp"

#include <algorithm>
#include <cmath>

namespace uhost {

Timer::Timer(Loop& loop, double seconds, std::function<void()> action)
    : action_([&loop, action = std::move(action)] { loop.guarded(action); }), handle_(loop.make<uv_timer_t>(uv_timer_init)) {
    constexpr double max_ms = 1e15;
    const double delay_ms = std::clamp(std::ceil(seconds * 1000.0), 0.0, max_ms);
    handle_->data = this;
    uv_update_time(loop.raw());  // Lua may have kept the loop's clock from turning
    const auto fire = [](uv_timer_t* handle) {
        // Moved out first: the action may destroy this timer.
        const auto due = std::move(static_cast<Timer*>(handle->data)->action_);
        due();
    };
    Loop::check(uv_timer_start(handle_.get(), fire, static_cast<std::uint64_t>(delay_ms), 0), "start a timer");
}

}  // namespace uhost
