#include "api/db/connection.hpp"

#include <algorithm>
#include <ranges>

namespace uhost::db {

std::shared_ptr<Turns::Level> Turns::level_of(std::span<const std::uint64_t> ancestry) const {
    for (const auto& level : std::views::reverse(levels_)) {
        if (level->owner == 0 || std::ranges::find(ancestry, level->owner) != ancestry.end()) return level;
    }
    return levels_.front();
}

std::shared_ptr<Turns::Level> Turns::open(std::uint64_t owner) {
    auto level = std::make_shared<Level>();
    level->owner = owner;
    levels_.push_back(level);
    return level;
}

void Turns::close(const std::shared_ptr<Level>& level) { levels_.remove(level); }

void Connection::discard(store::Statement statement) {
    if (job_running) discarded.push_back(std::move(statement));
}

void Connection::job_ended() {
    job_running = false;
    discarded.clear();
}

Cursor::~Cursor() {
    if (statement) connection->discard(std::move(*statement));
}

HeldTransaction::~HeldTransaction() {
    transaction.reset();
    connection->turns.close(level);
}

}  // namespace uhost::db
