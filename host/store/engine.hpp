#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// What a database engine implements. Everything else uses Database, Statement and Transaction (database.hpp), which
// work the same with every engine.
namespace uhost::store {

/// Bytes that are kept as a BLOB. They never equal a TEXT of the same bytes.
struct Blob {
    std::string bytes;
    bool operator==(const Blob&) const = default;
};

struct Null {
    bool operator==(const Null&) const = default;
};

/// One SQL value. Text is kept byte for byte, zero bytes included; integers are exact.
using Value = std::variant<Null, std::int64_t, double, std::string, Blob>;

/// The values of a statement's parameters: `?` and `?3` by position from 1, `:name`, `@name` and `$name` by name, here
/// without the sign. What is not given is NULL.
struct Parameters {
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> named;
    bool empty() const { return positional.empty() && named.empty(); }
};

struct OpenOptions {
    /// How long a statement waits for a lock that another connection holds, before it throws `db.busy`.
    std::chrono::milliseconds busy_timeout{5000};
    bool read_only = false;
    /// A new file is for its owner only (mode 0600), instead of what the umask says.
    bool private_file = false;
    /// Each commit reaches the disk before it returns. Otherwise the last ones may be lost with the power, never with
    /// the process; the database stays whole in both cases. A server decides by itself, unless this asks for it.
    bool durable = false;
    /// What messages call it; empty: its address.
    std::string display_name = {};
    /// Of a server's database: where its tables are; created unless read-only. Empty: where the server looks first.
    std::string schema = {};
    /// For a server that asks for one.
    std::string password = {};
    /// A server has to be on this machine: `db.offline`.
    bool loopback_only = false;
    /// SQL cannot reach other databases or files (ATTACH, VACUUM INTO): `db.alone`.
    bool isolated = false;
};

/// SQL that engines write differently.
struct Dialect {
    std::string_view engine;                   ///< "sqlite", "postgresql"
    std::string_view migrations_table_exists;  ///< gives a row if the table `uhost_migrations` exists
    std::string_view create_migrations_table;  ///< (name, step, applied_at), unless it exists
    std::string_view record_migration;         ///< parameters: name, step
};

/// A prepared statement. Members throw `db.*` errors as Statement documents them. Used by one thread at a time.
class EngineStatement {
public:
    virtual ~EngineStatement() = default;

    virtual std::string_view sql() const = 0;
    virtual int parameter_count() const = 0;
    /// Without its sign; empty for a parameter that goes by position.
    virtual std::string_view parameter_name(int parameter) const = 0;
    virtual void bind(int parameter, const Value& value) = 0;
    virtual void clear_bindings() noexcept = 0;

    /// Moves to the next row; false when there is none. After an error it is reset.
    virtual bool step() = 0;
    virtual void reset() noexcept = 0;

    virtual int column_count() const = 0;
    virtual std::string_view column_name(int column) const = 0;
    /// Of the current row, with columns from 0. Views live until the next step.
    virtual Value value(int column) const = 0;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual double number(int column) const = 0;
    virtual std::string_view text(int column) const = 0;
};

enum class TransactionControl { begin, commit, rollback, savepoint, release_savepoint, rollback_to_savepoint };

/// A connection. Any thread may use it, one at a time.
class EngineConnection {
public:
    virtual ~EngineConnection() = default;

    /// What messages call the database.
    virtual const std::string& name() const = 0;
    virtual const Dialect& dialect() const = 0;
    /// Compiles exactly one statement. Throws `db.sql`, and `db.transaction` for BEGIN, COMMIT and the like.
    virtual std::unique_ptr<EngineStatement> prepare(std::string_view sql) = 0;
    /// Executes every statement of a text in order.
    virtual void execute_script(std::string_view sql) = 0;
    /// `begin` takes what is needed to write at once, so that the transaction cannot fail half-way for want of a lock.
    /// Of a read-only connection, it is a snapshot: all is read as it was when the first statement of it began.
    virtual void control(TransactionControl what) = 0;
    virtual bool in_transaction() const = 0;

    /// Of the transactions that begin from now on; see OpenOptions.
    virtual void set_durable(bool durable) = 0;

    virtual std::int64_t total_changes() const = 0;
    virtual std::int64_t changes() const = 0;
    virtual std::int64_t last_insert_id() const = 0;

    /// While `stop` is requested, statements end with `db.interrupted`, those that wait for a lock with `db.busy`.
    virtual void set_stop(std::stop_token stop) = 0;
};

/// A dry run: connections to the databases that a script opens, through which it reads what it wrote, while nothing is
/// kept. The engine chooses how: by a copy of the database, or by a transaction that is never committed. Destroying it
/// drops what was written. Any thread.
class DryRun {
public:
    virtual ~DryRun() = default;
    /// Fails where opening it for real would fail.
    virtual std::unique_ptr<EngineConnection> open(const std::string& address, const OpenOptions& options) = 0;
};

/// A kind of database. Any thread.
class Engine {
public:
    virtual ~Engine() = default;
    virtual std::string_view name() const = 0;
    virtual std::unique_ptr<EngineConnection> open(const std::string& address, const OpenOptions& options) const = 0;
    virtual std::shared_ptr<DryRun> begin_dry_run() const = 0;
};

/// The engine that opens what `address` names. A path, or ":memory:", is SQLite's; "postgres://…" is PostgreSQL's, whose
/// library is loaded then. Throws `db.unsupported` for a URL
/// that no engine takes, without repeating it (it may hold a password).
const Engine& engine_for(std::string_view address);

/// What a value takes in memory, roughly: for limits.
std::size_t size_in_memory(const Value& value);

}  // namespace uhost::store
