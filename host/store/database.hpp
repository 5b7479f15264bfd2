#pragma once

#include <filesystem>
#include <list>
#include <memory>

#include "host/core/error.hpp"
#include "host/store/engine.hpp"

namespace uhost::store {

class Database;

/// One prepared statement, lent by Database::prepare; destroying it gives it back for the next use of the same SQL.
/// It must not outlive its Database, and belongs to whichever thread uses that.
///
///     auto statement = database.prepare("SELECT path, size FROM files WHERE size > ?");
///     statement.bind(1, std::int64_t{1024});
///     while (statement.step()) use(statement.text(0), statement.integer(1));
class Statement {
public:
    Statement(Database& database, std::unique_ptr<EngineStatement> engine);
    Statement(Statement&&) noexcept = default;
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

    /// Moves to the next row; false when there is none. The first call executes the statement.
    bool step() { return engine_->step(); }
    /// Executes it to its end, dropping rows.
    void run();
    /// Makes it ready for another execution; bindings are kept.
    void reset() { engine_->reset(); }

    int parameter_count() const { return engine_->parameter_count(); }
    int column_count() const { return engine_->column_count(); }
    std::string_view column_name(int column) const { return engine_->column_name(column); }

    /// Columns of the current row are numbered from 0. Views live until the next step.
    Value value(int column) const { return engine_->value(column); }
    bool is_null(int column) const { return engine_->is_null(column); }
    std::int64_t integer(int column) const { return engine_->integer(column); }
    double number(int column) const { return engine_->number(column); }
    std::string_view text(int column) const { return engine_->text(column); }

private:
    void bind_named(const Parameters& parameters);

    Database* database_;
    std::unique_ptr<EngineStatement> engine_;
};

/// A connection to one database, with a cache of prepared statements. Foreign keys are enforced.
///
/// Any thread may use it, one at a time: the caller sees to that. Several connections, in one process or many, may open
/// the same database at once; whoever writes holds up the others' writes, never their reads.
///
/// A primitive that keeps data of its own opens a file of its own: a script may hold a write transaction on
/// `uhost.sqlite` for as long as it likes, and would wait for itself.
class Database {
public:
    /// Opens the file, and creates it unless read-only. `:memory:` is a new, private database. Throws `db.open`,
    /// `db.corrupt`, `db.readonly` (its file or folder cannot be written to), `db.busy`, `db.full`.
    explicit Database(const std::filesystem::path& file, const OpenOptions& options = {});
    explicit Database(std::unique_ptr<EngineConnection> connection) : connection_(std::move(connection)) {}
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// A statement, from the cache if it is there. Throws `db.sql` saying where in the SQL, also when there is none or
    /// more than one in it, and `db.transaction` for BEGIN, COMMIT and the like: see Transaction.
    Statement prepare(std::string_view sql);

    /// Executes one statement with its parameters in order.
    template <class... Values>
    void execute(std::string_view sql, Values&&... values) {
        prepare(sql).bind_all(std::forward<Values>(values)...).run();
    }
    /// Executes every statement of a text, one after the other; not one transaction by itself.
    void execute_script(std::string_view sql) { connection_->execute_script(sql); }

    /// Rows that statements of this connection have changed since it was opened, those by triggers included.
    std::int64_t total_changes() const { return connection_->total_changes(); }
    /// Rows changed by the last INSERT, UPDATE or DELETE, without those by triggers and foreign keys.
    std::int64_t changes() const { return connection_->changes(); }
    std::int64_t last_insert_id() const { return connection_->last_insert_id(); }
    bool in_transaction() const { return connection_->in_transaction(); }

    /// What messages call it.
    const std::string& name() const { return connection_->name(); }

    // For the other classes of the store.
    EngineConnection& connection() { return *connection_; }
    void take_back(std::unique_ptr<EngineStatement> statement) noexcept;

private:
    std::unique_ptr<EngineConnection> connection_;
    std::list<std::unique_ptr<EngineStatement>> idle_;  // prepared statements, the most recently used first
};

/// Lets a stop token interrupt what a database does, as long as it lives. The engine looks at the token at intervals,
/// also between tries for a lock; a stop that is requested early is not lost.
class Interruptible {
public:
    Interruptible(Database& database, std::stop_token stop) : database_(database) {
        database_.connection().set_stop(std::move(stop));
    }
    ~Interruptible() { database_.connection().set_stop({}); }
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;

private:
    Database& database_;
};

/// Throws `db.rolled_back` when `database`, in which a transaction was begun, is in none: the engine has ended it by
/// itself after an earlier error (a full disk), and nothing more may be done in it.
void check_in_transaction(const Database& database);

/// A transaction that takes the write lock at once, so that it cannot fail half-way for want of it; inside another one,
/// a savepoint of it. Destroyed before commit(), it is rolled back.
///
///     Transaction transaction(database);
///     …
///     transaction.commit();
class Transaction {
public:
    /// Throws `db.busy` when the write lock is not to be had in time.
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Throws `db.rolled_back`, and `db.full`, `db.busy` and `db.io`, after which it is still to be rolled back.
    void commit();
    /// Undoes what was done in it. Idempotent, and not an error after commit().
    void rollback();

private:
    Database& database_;
    bool nested_;
    bool open_ = false;
};

}  // namespace uhost::store
