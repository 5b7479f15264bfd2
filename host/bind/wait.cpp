// How bound functions wait: on the scheduler of their state.
#include "host/bind/module.hpp"
#include "host/task/scheduler.hpp"

namespace uhost::bind {

namespace {

PushResults pushing(Finish finish) {
    return [finish = std::move(finish)](lua_State* L) {
        Call call(L);
        return finish(call);
    };
}

}  // namespace

void Waker::wake(Finish finish) const { scheduler_->wake(wait_, pushing(std::move(finish))); }

void Waker::fail(Error error) const {
    wake([error = std::move(error)](Call&) -> int { throw error; });
}

void Waker::wake_after(std::function<Finish(std::stop_token)> job, std::stop_source stop) const {
    auto run = [job = std::move(job)](std::stop_token token) { return pushing(job(std::move(token))); };
    scheduler_->start_job(std::move(run), std::move(stop), wait_);
}

Host& Call::host() const { return Scheduler::of(L_).host(); }

int Call::wait(const std::function<std::function<void()>(Waker)>& start, OnCancel on_cancel) {
    auto& scheduler = Scheduler::of(L_);
    const auto wait = scheduler.begin_wait(L_, running_function(L_));
    try {
        scheduler.started_wait(wait, start(Waker(scheduler, wait)), on_cancel);
    } catch (const std::exception&) {
        scheduler.abort_wait();
        throw;
    }
    return Scheduler::yielding;
}

int Call::work(std::function<Finish(std::stop_token)> job, OnCancel on_cancel) {
    auto& scheduler = Scheduler::of(L_);
    const auto wait = scheduler.begin_wait(L_, running_function(L_));
    std::stop_source stop;
    try {
        Waker(scheduler, wait).wake_after(std::move(job), stop);
    } catch (const std::exception&) {
        scheduler.abort_wait();
        throw;
    }
    scheduler.started_wait(wait, [stop]() mutable { stop.request_stop(); }, on_cancel);
    return Scheduler::yielding;
}

}  // namespace uhost::bind
