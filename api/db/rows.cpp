#include "api/db/rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/core/error.hpp"

namespace uhost::db {

std::vector<std::string> column_names(const store::Statement& statement) {
    std::vector<std::string> names;
    for (int column = 0; column < statement.column_count(); ++column) {
        std::string name(statement.column_name(column));
        if (std::ranges::find(names, name) != names.end()) {
            throw Error("db.columns", fmt::format("two columns of the result are called '{}'", name))
                .hint(fmt::format("name one of them: SELECT … AS other_{}", name));
        }
        names.push_back(std::move(name));
    }
    return names;
}

Rows take_rows(store::Statement& statement, std::size_t max_rows, std::size_t max_bytes) {
    Rows rows;
    rows.columns = column_names(statement);
    std::size_t bytes = 0;
    for (std::size_t count = 0; count < max_rows && bytes < max_bytes; ++count) {
        if (!statement.step()) {
            rows.complete = true;
            statement.reset();
            return rows;
        }
        for (int column = 0; column < statement.column_count(); ++column) {
            bytes += store::size_in_memory(rows.values.emplace_back(statement.value(column)));
        }
    }
    return rows;
}

Rows all_rows(store::Statement& statement, std::size_t max_rows, std::size_t max_bytes) {
    auto rows = take_rows(statement, max_rows, max_bytes);
    if (!rows.complete && statement.step()) {
        throw Error("db.too_many_rows",
                    fmt::format("the query gives more than {} rows or {} MiB at once", max_rows, max_bytes >> 20))
            .hint("read them with each(), which holds a few at a time, or add LIMIT");
    }
    return rows;
}

store::Statement prepare(store::Database& database, std::string_view sql, const store::Parameters* parameters) {
    auto statement = database.prepare(sql);
    if (parameters != nullptr) {
        statement.bind(*parameters);
    } else if (const int count = statement.parameter_count(); count > 0) {
        throw Error("db.parameters",
                    fmt::format("the SQL has {} parameter{}, and no values are given", count, count == 1 ? "" : "s"))
            .hint("pass them as a table after the SQL");
    }
    return statement;
}

void insert_rows(store::Database& database, std::string_view insertion, const Rows& rows) {
    constexpr std::size_t max_parameters = 1000;
    const auto width = rows.columns.size();
    const auto at_once = std::max<std::size_t>(1, max_parameters / std::max<std::size_t>(1, width));
    for (std::size_t row = 0; row < rows.count();) {
        const auto count = std::min(at_once, rows.count() - row);
        std::string sql(insertion);
        for (std::size_t i = 0; i < count; ++i) {
            sql += i == 0 ? " VALUES (" : ", (";
            for (std::size_t column = 0; column < width; ++column) sql += column == 0 ? "?" : ", ?";
            sql += ')';
        }
        auto statement = database.prepare(sql);
        for (std::size_t i = 0; i < count * width; ++i) {
            statement.bind(static_cast<int>(i + 1), rows.values[row * width + i]);
        }
        statement.run();
        row += count;
    }
}

Executed execute(store::Database& database, std::string_view sql, const store::Parameters* parameters) {
    const auto before = database.total_changes();
    const bool maybe_several = sql.find(';') != sql.npos;
    if (parameters == nullptr && maybe_several) {
        database.execute_script(sql);
    } else {
        prepare(database, sql, parameters).run();
    }
    // changes() keeps the count of the last INSERT, UPDATE or DELETE: CREATE TABLE has none of its own.
    return {database.total_changes() == before ? 0 : database.changes(), database.last_insert_id()};
}

}  // namespace uhost::db
