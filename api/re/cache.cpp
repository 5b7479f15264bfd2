#include <list>
#include <mutex>
#include <unordered_map>

#include "api/re/regex.hpp"

namespace uhost::re {
namespace {

constexpr std::size_t max_kept = 256;

/// The patterns used last. Threads may share it; a pattern is compiled outside the lock, so that two may compile the
/// same one, which does no harm.
class Cache {
public:
    std::shared_ptr<const Regex> find(const std::string& key) {
        const std::scoped_lock lock(mutex_);
        const auto found = index_.find(key);
        if (found == index_.end()) return nullptr;
        order_.splice(order_.begin(), order_, found->second);
        return found->second->second;
    }

    void keep(const std::string& key, std::shared_ptr<const Regex> regex) {
        const std::scoped_lock lock(mutex_);
        if (index_.contains(key)) return;
        order_.emplace_front(key, std::move(regex));
        index_.emplace(key, order_.begin());
        if (order_.size() <= max_kept) return;
        index_.erase(order_.back().first);
        order_.pop_back();
    }

private:
    using Order = std::list<std::pair<std::string, std::shared_ptr<const Regex>>>;

    std::mutex mutex_;
    Order order_;  // the last used first
    std::unordered_map<std::string, Order::iterator> index_;
};

Cache& cache() {
    static Cache shared;
    return shared;
}

}  // namespace

std::shared_ptr<const Regex> Regex::get(std::string_view pattern, Flags flags) {
    const auto key = flags.letters() + '/' + std::string(pattern);
    if (auto known = cache().find(key)) return known;
    auto regex = std::make_shared<const Regex>(pattern, flags);
    cache().keep(key, regex);
    return regex;
}

}  // namespace uhost::re
