#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "host/core/error.hpp"
#include "host/store/statement.hpp"
#include "host/store/statement_cache.hpp"

struct sqlite3;

namespace uhost::store {

struct CloseDatabase {
    void operator()(sqlite3* database) const;
};

struct OpenOptions {
    /// How long a statement waits for a lock that another connection holds, before it throws `db.busy`.
    std::chrono::milliseconds busy_timeout{5000};
    bool read_only = false;
    /// A new file is for its owner only (mode 0600; -wal and -shm follow it) instead of what the umask says.
    bool private_file = false;
    /// Each commit reaches the disk before it returns. Otherwise the last ones may be lost with the power, never with
    /// the process; the file stays whole in both cases.
    bool durable = false;
    /// What messages call it; empty: by its path.
    std::string called = {};
    /// SQL cannot reach other files (ATTACH, VACUUM INTO): `db.alone`.
    bool alone = false;
};

/// A connection to one SQLite database, in write-ahead mode with foreign keys enforced.
///
/// Any thread may use it, one at a time: the caller sees to that. Several connections, in one process or many, may open
/// the same file at once; whoever writes holds the others' writes up, never their reads.
///
/// A room of uhost that keeps data of its own opens a file of its own: a script may hold a write transaction on
/// `uhost.sqlite` for as long as it likes, and would wait for itself.
class Database {
public:
    /// Opens, and creates it unless read-only. `:memory:` is a new, private database. Throws `db.open`, `db.corrupt`,
    /// `db.readonly` (its file or folder cannot be written to), `db.busy`, `db.full`.
    explicit Database(const std::filesystem::path& file, const OpenOptions& options = {});
    ~Database();
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
    void execute_script(std::string_view sql);

    /// Rows that statements of this connection have changed since it was opened, those by triggers included.
    std::int64_t total_changes() const;
    /// Rows changed by the last INSERT, UPDATE or DELETE, without those by triggers and foreign keys.
    std::int64_t changes() const;
    std::int64_t last_insert_id() const;
    bool in_transaction() const;

    /// While `stop` is set, statements end with `db.interrupted`, those that wait for a lock too; see Interruptible.
    void set_stop(std::stop_token stop) { stop_ = std::move(stop); }

    /// What messages call it.
    const std::string& name() const { return name_; }

    // For the other classes of the store.
    sqlite3* handle() const { return handle_.get(); }
    void take_back(StatementHandle statement);
    void control_transaction(const char* sql);

private:
    void open(const std::string& path, const OpenOptions& options);
    void configure(const OpenOptions& options);
    void use_write_ahead_log();
    StatementHandle compile(std::string_view text, std::size_t& at, bool to_be_kept);
    void check_text(std::string_view sql) const;
    void check(int code, std::string_view sql = {}) const;
    static int on_busy(void* self, int attempt);
    static int on_progress(void* self);
    static int authorize(void* self, int action, const char* what, const char*, const char*, const char*);

    std::string name_;
    std::unique_ptr<sqlite3, CloseDatabase> handle_;
    StatementCache cache_;
    std::chrono::milliseconds busy_timeout_;
    std::chrono::steady_clock::time_point busy_since_;
    std::stop_token stop_;
    bool alone_;
    bool compiling_ = false;
};

/// Lets a stop token interrupt what a database does, as long as it lives. The token is looked at every thousand or so
/// steps of SQLite's machine and between tries for a lock: unlike sqlite3_interrupt, this cannot come too early.
class Interruptible {
public:
    Interruptible(Database& database, std::stop_token stop) : database_(database) {
        database_.set_stop(std::move(stop));
    }
    ~Interruptible() { database_.set_stop({}); }
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;

private:
    Database& database_;
};

}  // namespace uhost::store
