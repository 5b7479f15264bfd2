#include "api/http/stream_sink.hpp"

#include <utility>

namespace uhost::http {

void Channel::changed() {
    if (const auto notify = std::exchange(notify_, nullptr)) notify();
}

void Channel::begin(const Response& head) {
    head_ = head;
    changed();
}

bool Channel::put(std::string_view bytes) {
    if (waiting_ >= most_waiting) {
        paused_ = true;
        return false;
    }
    if (bytes.empty()) return true;
    chunks_.emplace_back(bytes);
    waiting_ += bytes.size();
    changed();
    return true;
}

void Channel::end(std::optional<Error> failure) {
    failure_ = std::move(failure);
    ended_ = true;
    changed();
}

std::string Channel::take() {
    auto bytes = std::move(chunks_.front());
    chunks_.pop_front();
    waiting_ -= bytes.size();
    return bytes;
}

bool Channel::take_resumable() { return waiting_ < most_waiting / 2 && std::exchange(paused_, false); }

}  // namespace uhost::http
