#include "api/http/request_queue.hpp"

namespace uhost::http {

void RequestQueue::enter(Id id, const std::string& origin, bool one_goes_ahead) {
    const auto [place, is_new] = lines_.try_emplace(origin);
    if (is_new) place->second.open = !one_goes_ahead;
    place->second.waiting.push_back(id);
}

void RequestQueue::withdraw(Id id, const std::string& origin) {
    const auto place = lines_.find(origin);
    if (place == lines_.end()) return;
    std::erase(place->second.waiting, id);
    if (place->second.waiting.empty() && place->second.running == 0) lines_.erase(place);
}

std::optional<RequestQueue::Id> RequestQueue::take_from(Line& line) {
    if (line.waiting.empty() || line.running >= (line.open ? max_per_origin_ : 1)) return std::nullopt;
    const Id id = line.waiting.front();
    line.waiting.pop_front();
    ++line.running;
    ++running_;
    return id;
}

std::optional<RequestQueue::Id> RequestQueue::next() {
    if (running_ >= max_total_) return std::nullopt;
    auto place = lines_.upper_bound(served_);
    for (std::size_t looked_at = 0; looked_at < lines_.size(); ++looked_at, ++place) {
        if (place == lines_.end()) place = lines_.begin();
        if (const auto id = take_from(place->second)) {
            served_ = place->first;
            return id;
        }
    }
    return std::nullopt;
}

void RequestQueue::connected(const std::string& origin) {
    if (const auto place = lines_.find(origin); place != lines_.end()) place->second.open = true;
}

// Also when the one that went ahead failed: then the others run side by side and may fail.
void RequestQueue::leave(const std::string& origin) {
    const auto place = lines_.find(origin);
    --running_;
    --place->second.running;
    place->second.open = true;
    if (place->second.waiting.empty() && place->second.running == 0) lines_.erase(place);
}

}  // namespace uhost::http
