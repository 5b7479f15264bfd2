#include "host/task/limit.hpp"

#include <algorithm>

namespace uhost {

bool Limit::try_acquire() {
    if (free_ == 0 || !line_.empty()) return false;
    --free_;
    return true;
}

Limit::Place Limit::enqueue(std::function<void()> granted) {
    line_.emplace_back(++last_place_, std::move(granted));
    return last_place_;
}

void Limit::leave(Place place) {
    std::erase_if(line_, [place](const auto& waiting) { return waiting.first == place; });
}

void Limit::release() {
    if (!line_.empty()) {
        const auto granted = std::move(line_.front().second);
        line_.pop_front();
        granted();
    } else if (free_ < total_) {
        ++free_;
    }
}

}  // namespace uhost
