#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/store/database.hpp"

namespace uhost::db {

/// Rows out of a statement: the values one after the other, `columns.size()` to a row.
struct Rows {
    std::vector<std::string> columns;
    std::vector<store::Value> values;
    bool complete = false;  ///< the statement has no more
    std::size_t count() const { return columns.empty() ? 0 : values.size() / columns.size(); }
};

/// Throws `db.columns` when two columns have the same name: a row could not hold both.
std::vector<std::string> column_names(const store::Statement& statement);

/// Takes rows until the statement ends or a limit is reached; the row that reaches it is still taken.
Rows take_rows(store::Statement& statement, std::size_t max_rows, std::size_t max_bytes);

/// All rows. Throws `db.too_many_rows` beyond the limits, telling to use each().
Rows all_rows(store::Statement& statement, std::size_t max_rows, std::size_t max_bytes);

/// What executing a statement did.
struct Executed {
    std::int64_t changes = 0;
    std::int64_t last_insert_id = 0;  ///< of this connection, whichever statement inserted
};

/// Executes one statement with its parameters or, where none are given (null), a text of one or more statements.
Executed execute(store::Database& database, std::string_view sql, const store::Parameters* parameters);

/// Inserts rows as they are, types included. `insertion` is "INSERT INTO t (a, b)".
void insert_rows(store::Database& database, std::string_view insertion, const Rows& rows);

/// Prepares one statement and binds its parameters; throws `db.parameters` when it has some and none are given (null).
store::Statement prepare(store::Database& database, std::string_view sql, const store::Parameters* parameters);

}  // namespace uhost::db
