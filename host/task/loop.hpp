#pragma once

#include <uv.h>

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "host/core/error.hpp"

namespace uhost {

/// Closes a libuv handle and frees it when libuv is done with it.
struct CloseHandle {
    template <class Handle>
    void operator()(Handle* handle) const {
        uv_close(reinterpret_cast<uv_handle_t*>(handle),
                 [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
    }
};

/// A libuv handle that closes itself; made by Loop::make.
template <class Handle>
using UvHandle = std::unique_ptr<Handle, CloseHandle>;

/// The event loop, created when first needed: a script that never waits never pays for it.
/// Everything but post() and wake_up() belongs to the thread that created it.
class Loop {
public:
    Loop() = default;
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// The libuv loop itself, for handles of one's own.
    uv_loop_t* raw();
    bool started() const { return loop_ != nullptr; }

    /// An initialised handle: `init` is the uv_…_init function that takes the loop and the handle.
    template <class Handle>
    UvHandle<Handle> make(int (*init)(uv_loop_t*, Handle*)) {
        auto memory = std::make_unique<Handle>();
        check(init(raw(), memory.get()), "create a handle");
        return UvHandle<Handle>(memory.release());
    }

    /// Calls `action` on the loop's thread at its next turn. From any thread.
    void post(std::function<void()> action);

    /// Makes a blocked run_once() return. From any thread, and from signal handlers.
    void wake_up();

    /// Makes the run_once() that is calling us return without waiting for more: there is something to do elsewhere. Without
    /// effect outside of one. Loop thread only.
    void return_soon();

    /// Runs what is due; with `block`, waits for something to become due. False when nothing is left to wait for.
    bool run_once(bool block);

    /// Runs `body` inside a callback of libuv or of another C library, which no C++ exception may cross: what it throws
    /// is thrown by the run_once() that is calling us.
    template <class Body>
    void guarded(const Body& body) {
        try {
            body();
        } catch (const std::exception&) {
            keep_failure(std::current_exception());
        }
    }

    /// Becomes readable when run_once(false) has something to do, and the time until it does without that: -1 for never.
    int descriptor() { return uv_backend_fd(raw()); }
    int timeout_ms() { return uv_backend_timeout(raw()); }

    /// Throws a `task.loop` error naming what failed when `code` is a libuv error.
    static void check(int code, const char* what);

private:
    void run_posted();
    void keep_failure(std::exception_ptr failure);

    std::unique_ptr<uv_loop_t> loop_;
    std::atomic<uv_async_t*> waker_ = nullptr;  // read by signal handlers and other threads
    bool running_ = false;
    std::exception_ptr failure_;  // of a callback; the first one
    std::mutex mutex_;
    std::vector<std::function<void()>> posted_;
};

}  // namespace uhost
