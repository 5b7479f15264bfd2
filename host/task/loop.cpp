#include "host/task/loop.hpp"

#include <utility>

namespace uhost {

uv_loop_t* Loop::raw() {
    if (loop_) return loop_.get();
    auto loop = std::make_unique<uv_loop_t>();
    check(uv_loop_init(loop.get()), "start the event loop");
    loop_ = std::move(loop);
    auto waker = std::make_unique<uv_async_t>();
    check(uv_async_init(loop_.get(), waker.get(),
                        [](uv_async_t* async) { static_cast<Loop*>(async->data)->run_posted(); }),
          "start the event loop");
    waker->data = this;
    uv_unref(reinterpret_cast<uv_handle_t*>(waker.get()));
    waker_ = waker.release();
    return loop_.get();
}

Loop::~Loop() {
    if (!loop_) return;
    CloseHandle{}(waker_.exchange(nullptr));
    // Worker-pool jobs that were abandoned still run; the loop may only go when they are done.
    uv_run(loop_.get(), UV_RUN_DEFAULT);
    uv_loop_close(loop_.get());
}

void Loop::post(std::function<void()> action) {
    {
        const std::lock_guard lock(mutex_);
        posted_.push_back(std::move(action));
    }
    wake_up();
}

void Loop::wake_up() {
    if (auto* waker = waker_.load()) uv_async_send(waker);
}

void Loop::run_posted() {
    std::vector<std::function<void()>> actions;
    {
        const std::lock_guard lock(mutex_);
        actions.swap(posted_);
    }
    for (const auto& action : actions) guarded(action);
}

void Loop::keep_failure(std::exception_ptr failure) {
    if (!failure_) failure_ = std::move(failure);
    return_soon();
}

bool Loop::run_once(bool block) {
    if (!loop_) return false;
    running_ = true;
    const int alive = uv_run(loop_.get(), block ? UV_RUN_ONCE : UV_RUN_NOWAIT);
    running_ = false;
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    return alive != 0;
}

// libuv runs timers that are due before it waits for sockets: without this it would wait although a timer has just given
// us work. Only while it runs, because uv_stop would make a later uv_run do nothing at all.
void Loop::return_soon() {
    if (running_) uv_stop(loop_.get());
}

void Loop::check(int code, const char* what) {
    if (code >= 0) return;
    throw Error("task.loop", std::string("cannot ") + what + ": " + uv_strerror(code)).native(uv_err_name(code));
}

}  // namespace uhost
