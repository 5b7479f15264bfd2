#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "host/store/value.hpp"

struct sqlite3_stmt;

namespace uhost::store {

class Database;

struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const;
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// One prepared statement, lent by Database::prepare; destroying it gives it back for the next use of the same SQL.
/// It must not outlive its Database, and belongs to whichever thread uses that.
///
///     auto statement = database.prepare("SELECT path, size FROM files WHERE size > ?");
///     statement.bind(1, std::int64_t{1024});
///     while (statement.step()) use(statement.text(0), statement.integer(1));
class Statement {
public:
    Statement(Database& database, StatementHandle handle);
    Statement(Statement&&) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    /// Parameters are numbered from 1; throws `db.parameters` for one that the SQL does not have.
    Statement& bind(int parameter, const Value& value);
    /// All parameters at once. Throws `db.parameters` for more values than parameters, and for an unknown name.
    Statement& bind(const Parameters& parameters);
    /// In order: `statement.bind_all(path, size)`.
    template <class... Values>
    Statement& bind_all(Values&&... values) {
        int parameter = 0;
        (bind(++parameter, Value(std::forward<Values>(values))), ...);
        return *this;
    }

    /// Goes to the next row; false when there is none. The first call executes the statement.
    bool step();
    /// Executes it to its end, dropping rows.
    void run();
    /// Ready for another execution; bindings are kept.
    void reset();

    int parameter_count() const;
    int column_count() const;
    std::string_view column_name(int column) const;

    /// Columns of the current row are numbered from 0. Views live until the next step.
    Value value(int column) const;
    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double number(int column) const;
    std::string_view text(int column) const;

private:
    void bind_named(const Parameters& parameters);
    std::string_view sql() const;

    Database* database_;
    StatementHandle handle_;
};

}  // namespace uhost::store
