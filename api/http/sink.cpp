#include "api/http/sink.hpp"

#include <algorithm>
#include <utility>

namespace uhost::http {
namespace {

constexpr std::size_t max_refusal_bytes = 64 * 1024;

}  // namespace

void FileSink::begin(const Response& response) {
    if (response.status / 100 == 2) download_.emplace(file_, AtomicFileOptions{.kind = "http.file"});
}

Sink::Accepted FileSink::write(std::string_view bytes) {
    if (download_) {
        download_->write(bytes);
    } else {
        refusal_.append(bytes.substr(0, max_refusal_bytes - std::min(refusal_.size(), max_refusal_bytes)));
    }
    return Accepted::all;
}

void FileSink::finish(Response& response) {
    response.body = std::move(refusal_);
    if (download_) download_->commit();
}

void Channel::changed() {
    if (const auto notify = std::exchange(notify_, nullptr)) notify();
}

void Channel::begin(const Response& head) {
    head_ = head;
    changed();
}

bool Channel::put(std::string_view bytes) {
    if (waiting_ >= max_waiting_bytes) {
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

bool Channel::take_resumable() { return waiting_ < max_waiting_bytes / 2 && std::exchange(paused_, false); }

}  // namespace uhost::http
