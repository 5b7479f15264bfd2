#include "api/process/children.hpp"

#include <algorithm>

namespace uhost::process {

std::shared_ptr<Child> Children::start(const Command& command, const Streams& streams, std::uint64_t owner) {
    auto child = Child::start(loop_, command, streams);
    keep(child, owner);
    return child;
}

void Children::owner_ended(std::uint64_t owner, bool badly) {
    owners_.erase(owner);
    if (!badly) return;
    for (const auto& running : std::vector(running_)) {
        if (running.owner == owner) running.child->terminate(true);
    }
}

void Children::keep(const std::shared_ptr<Child>& child, std::uint64_t owner) {
    running_.push_back({child, owner});
    const auto watch = std::make_shared<Child::Watch>();
    *watch = child->watch([this, watch, raw = child.get()] {
        if (!raw->over()) return;
        const auto self = raw->shared_from_this();
        std::erase_if(running_, [&](const auto& running) { return running.child == self; });
        raw->unwatch(*watch);
        over_->push_back(self);
        loop_.post([over = std::weak_ptr(over_)] {
            if (const auto list = over.lock()) list->clear();
        });
    });
}

Children::~Children() {
    for (const auto& running : std::vector(running_)) running.child->terminate(true);
    while (!running_.empty()) loop_.run_once(true);
}

}  // namespace uhost::process
