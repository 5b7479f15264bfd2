#pragma once

#include <list>
#include <string>
#include <string_view>

#include "host/store/statement.hpp"

namespace uhost::store {

/// Idle prepared statements by their SQL, the least recently used first to go.
class StatementCache {
public:
    explicit StatementCache(std::size_t most) : most_(most) {}

    /// An idle statement for this SQL, no longer in the cache; null when there is none.
    StatementHandle take(std::string_view sql);
    void put(StatementHandle statement);
    std::size_t size() const { return idle_.size(); }

private:
    struct Entry {
        std::string sql;
        StatementHandle statement;
    };
    std::size_t most_;
    std::list<Entry> idle_;  // most recently used first
};

}  // namespace uhost::store
