#include "api/git/history/base_cache.hpp"

namespace uhost::git {

SharedObject BaseCache::find(std::size_t pack, std::uint64_t offset) {
    const auto place = places_.find({pack, offset});
    if (place == places_.end()) return nullptr;
    recent_.splice(recent_.begin(), recent_, place->second);
    return place->second->object;
}

void BaseCache::put(std::size_t pack, std::uint64_t offset, SharedObject object) {
    const std::size_t size = object->size;
    if (size > budget_ / 8) return;
    const Key key{pack, offset};
    if (places_.contains(key)) return;
    while (used_ + size > budget_ && !recent_.empty()) {
        used_ -= recent_.back().object->size;
        places_.erase(recent_.back().key);
        recent_.pop_back();
    }
    recent_.push_front({key, std::move(object)});
    places_.emplace(key, recent_.begin());
    used_ += size;
}

}  // namespace uhost::git
