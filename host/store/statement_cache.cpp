#include "host/store/statement_cache.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace uhost::store {

StatementHandle StatementCache::take(std::string_view sql) {
    const auto found = std::ranges::find(idle_, sql, &Entry::sql);
    if (found == idle_.end()) return nullptr;
    auto statement = std::move(found->statement);
    idle_.erase(found);
    return statement;
}

void StatementCache::put(StatementHandle statement) {
    std::string sql = sqlite3_sql(statement.get());
    idle_.push_front({std::move(sql), std::move(statement)});
    if (idle_.size() > most_) idle_.pop_back();
}

}  // namespace uhost::store
