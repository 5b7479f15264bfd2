#include "api/process/signals.hpp"

#include <utility>

namespace uhost::process {

// libuv takes a signal by a handler of its own, and leaves the default in its place afterwards.
Signals::Signals(Loop& loop, const std::vector<int>& numbers) {
    for (const int number : numbers) {
        Taken taken{number, {}, loop.make<uv_signal_t>(uv_signal_init)};
        sigaction(number, nullptr, &taken.previous);
        taken.handle->data = this;
        Loop::check(
            uv_signal_start(
                taken.handle.get(),
                [](uv_signal_t* handle, int received) { static_cast<Signals*>(handle->data)->receive(received); },
                number),
            "take a signal");
        taken_.push_back(std::move(taken));
    }
}

Signals::~Signals() {
    for (auto& taken : taken_) {
        uv_signal_stop(taken.handle.get());
        sigaction(taken.number, &taken.previous, nullptr);
    }
}

int Signals::take() {
    const int first = received_.front();
    received_.pop_front();
    return first;
}

void Signals::receive(int number) {
    received_.push_back(number);
    if (const auto action = std::exchange(when_ready_, nullptr)) action();
}

}  // namespace uhost::process
