#include "api/http/lines.hpp"

namespace uhost::http {

void Lines::enter(Id id, const std::string& origin, bool one_goes_ahead) {
    const auto [place, is_new] = lines_.try_emplace(origin);
    if (is_new) place->second.open = !one_goes_ahead;
    place->second.waiting.push_back(id);
}

void Lines::withdraw(Id id, const std::string& origin) {
    const auto place = lines_.find(origin);
    if (place == lines_.end()) return;
    std::erase(place->second.waiting, id);
    if (place->second.waiting.empty() && place->second.on_their_way == 0) lines_.erase(place);
}

std::optional<Lines::Id> Lines::take_from(Line& line) {
    if (line.waiting.empty() || line.on_their_way >= (line.open ? most_per_origin_ : 1)) return std::nullopt;
    const Id id = line.waiting.front();
    line.waiting.pop_front();
    ++line.on_their_way;
    ++on_their_way_;
    return id;
}

std::optional<Lines::Id> Lines::next() {
    if (on_their_way_ >= most_in_all_) return std::nullopt;
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

void Lines::connected(const std::string& origin) {
    if (const auto place = lines_.find(origin); place != lines_.end()) place->second.open = true;
}

// Also when the one that went ahead failed: then the others fail, or not, side by side.
void Lines::leave(const std::string& origin) {
    const auto place = lines_.find(origin);
    --on_their_way_;
    --place->second.on_their_way;
    place->second.open = true;
    if (place->second.waiting.empty() && place->second.on_their_way == 0) lines_.erase(place);
}

}  // namespace uhost::http
