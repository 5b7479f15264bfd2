// What ends a run before its code does: interrupts, limits, and the hook by which both reach code that computes.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "host/task/scheduler.hpp"

namespace uhost {
namespace {

// How often code is looked at that is cancelled, or whose instructions are counted.
constexpr int instructions_between_looks = 1000;

// An interrupt that a task took is meant for the whole run when another follows so soon.
constexpr auto repeated_interrupt = std::chrono::seconds(1);
constexpr int keyboard_interrupt = 130;

}  // namespace

void Scheduler::set_limits(Limits limits) {
    limits_ = limits;
    if (limits.instructions == 0) return;
    stop_hook_.count(stop_running_code, instructions_between_looks);
    lua_getglobal(main_, "jit");
    lua_getfield(main_, -1, "off");
    lua_setfield(main_, -2, "on");
    lua_pop(main_, 1);
}

void Scheduler::begin_limits() {
    reached_limit_.reset();
    instructions_ = 0;
    if (limits_.time_s <= 0) return;
    const auto time = std::chrono::duration<double>(limits_.time_s);
    time_over_ = std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(time);
    timer_ = std::make_unique<Timer>(loop_, limits_.time_s, [this] {
        time_over_ = std::chrono::steady_clock::now();  // the loop's clock counts whole milliseconds: it may be early
        check_limits();
    });
    timer_->unreference();  // tasks that all wait for each other are a deadlock still
}

void Scheduler::check_limits() {
    if (reached_limit_ || root_ == nullptr || root_->done()) return;
    if (time_over_ && std::chrono::steady_clock::now() >= *time_over_) {
        end_for(Error("limit.time", fmt::format("the run took more than {} s", limits_.time_s)));
    } else if (limits_.instructions > 0 && instructions_ >= limits_.instructions) {
        end_for(Error("limit.instructions", fmt::format("the run took more than {} instructions", limits_.instructions)));
    }
}

void Scheduler::end_for(Error reason) {
    reached_limit_ = std::move(reason).hint("do less at a time, or have its host allow more");
    cancel(*root_, *reached_limit_);
}

void Scheduler::interrupt(int code) {
    interruption_.request(code);
    loop_.wake_up();
}

int Scheduler::take_interrupt() {
    interrupt_delivered_ = false;
    if (stop_hook_.armed()) stop_hook_.disarm();
    return interruption_.take();
}

// The task that takes the interrupt which was asked for; null when it is for the whole run.
Task* Scheduler::task_to_interrupt() {
    if (interruption_.code() != keyboard_interrupt) return nullptr;
    const auto now = std::chrono::steady_clock::now();
    const bool repeated = last_taken_interrupt_ && now - *last_taken_interrupt_ < repeated_interrupt;
    last_taken_interrupt_ = now;
    if (repeated) return nullptr;
    const auto takes = [](const Task* task) { return !task->returned() && !task->cancelled(); };
    const auto newest = std::find_if(interruptible_.rbegin(), interruptible_.rend(), takes);
    return newest != interruptible_.rend() ? *newest : nullptr;
}

void Scheduler::deliver_interrupt() {
    if (Task* const task = task_to_interrupt()) {
        const int code = interruption_.take();
        if (code == keyboard_interrupt) return cancel(*task, Error("interrupted", "interrupted"));
        interruption_.request(code);  // a SIGTERM came in between, and is for the whole run
    }
    interrupt_delivered_ = true;
    if (current_ == nullptr) stop_hook_.arm(stop_running_code);
    cancel(*root_, Error("interrupted", "interrupted"));
}

// In a signal handler on the thread that runs.
void Scheduler::arm_stop_hook(void* scheduler) {
    static_cast<Scheduler*>(scheduler)->stop_hook_.arm(stop_running_code);
}

// Whether to raise in the code that runs, at the instruction where it is. Cancelled code that computes gets one error, and
// time to clean up; after that each instruction of the script raises, so that no loop around a pcall can go on. The host's
// own Lua is spared: it puts the clean-up of task.finally under a shield.
bool Scheduler::stops_here(lua_State* L, lua_Debug* where) {
    if (current_ == nullptr) return false;  // between tasks
    if (interruption_.requested() && !interrupt_delivered_) deliver_interrupt();
    instructions_ += static_cast<std::uint64_t>(lua_gethookcount(L));
    check_limits();
    Task& task = *current_;
    // A finished wait raises by itself.
    const bool stops = task.cancelled() && task.shields == 0 && !task.has_results;
    const auto now = std::chrono::steady_clock::now();
    if (stops && !task.interrupted_at) {
        task.interrupted_at = now;
        stop_hook_.again_after(instructions_between_looks);
        return true;
    }
    const bool insists = stops && now - *task.interrupted_at >= time_to_clean_up;
    stop_hook_.again_after(insists ? 1 : instructions_between_looks);
    return insists && lua_getinfo(L, "S", where) != 0 && !lua::is_host_chunk(where->source);
}

void Scheduler::stop_running_code(lua_State* L, lua_Debug* where) {
    if (push_stop_error(L, where)) lua_error(L);
}

bool Scheduler::push_stop_error(lua_State* L, lua_Debug* where) {
    try {
        auto& scheduler = of(L);
        if (!scheduler.stops_here(L, where)) return false;
        lua::push_error(L, cancellation(*scheduler.current_));
    } catch (const std::exception& error) {
        lua_pushstring(L, error.what());
    }
    return true;
}

}  // namespace uhost
