#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/db/digest.hpp"
#include "host/store/database.hpp"
#include "host/task/limit.hpp"

namespace uhost::db {

/// Whose turn it is to use a connection that many tasks share.
///
/// At any level one task at a time has the turn; the others wait in line. A transaction holds the turn of its level
/// from begin to end, and opens a level of its own for the task that runs it and that task's descendants: what they do
/// is part of it, in turn, and may be a transaction again. Everyone else stays in the line outside. Loop thread only.
class Turns {
public:
    struct Level {
        std::uint64_t owner = 0;  ///< the task that runs the transaction; 0 for the connection itself
        Limit turn{1};
    };

    Turns() { levels_.push_back(std::make_shared<Level>()); }

    /// The innermost level that a task belongs to; `ancestry` is its id, then its parent's, and so on.
    std::shared_ptr<Level> level_of(std::span<const std::uint64_t> ancestry) const;
    /// Opens a level, whose turn is free, for the task `owner`, which has the turn at the enclosing level.
    std::shared_ptr<Level> open(std::uint64_t owner);
    /// Closes it. No task may be waiting in its line.
    void close(const std::shared_ptr<Level>& level);

private:
    std::list<std::shared_ptr<Level>> levels_;  // outermost first
};

/// One turn, which its destructor gives back. Created by whoever has just been granted it.
class Turn {
public:
    explicit Turn(std::shared_ptr<Turns::Level> level) : level_(std::move(level)) {}
    ~Turn() { level_->turn.release(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    std::shared_ptr<Turns::Level> level_;
};

/// A database as the tasks of a script share it: jobs on the worker pool use it one at a time, in turn.
/// Everything here belongs to the loop's thread, except what a running job does with `database`.
struct Connection {
    Connection(std::unique_ptr<store::Database> opened, std::size_t row_limit, double seconds_for_locks)
        : database(std::move(opened)), max_rows(row_limit), busy_timeout_s(seconds_for_locks) {}

    /// Drops a statement of this database: now, or when the job that runs has ended.
    void discard(store::Statement statement);
    void job_started() { job_running = true; }
    void job_ended();

    std::unique_ptr<store::Database> database;
    std::size_t max_rows;   ///< that query() returns
    double busy_timeout_s;  ///< how long a task waits for locks
    Turns turns;
    bool planned = false;  ///< a dry run's copy of a database, whose changes the plan is to have
    bool job_running = false;
    std::vector<store::Statement> discarded;
};

/// A query that is read in batches. Other statements may run between two of them.
struct Cursor {
    explicit Cursor(std::shared_ptr<Connection> of) : connection(std::move(of)) {}
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    std::shared_ptr<Connection> connection;
    std::string sql;
    std::optional<store::Parameters> parameters;
    std::optional<store::Statement> statement;  ///< prepared by the first job
    Digest digest;                              ///< of the rows that were taken as they are
};

/// A transaction of a script: holds the turn of the level around it, and a level for what is done inside. Destroyed
/// before it was committed, it is rolled back, on the thread that destroys it.
struct HeldTransaction {
    HeldTransaction(std::shared_ptr<Connection> on, std::shared_ptr<Turn> turn, std::uint64_t owner)
        : connection(std::move(on)), outer_turn(std::move(turn)), level(connection->turns.open(owner)) {}
    ~HeldTransaction();
    HeldTransaction(const HeldTransaction&) = delete;
    HeldTransaction& operator=(const HeldTransaction&) = delete;

    std::shared_ptr<Connection> connection;
    std::shared_ptr<Turn> outer_turn;
    std::shared_ptr<Turns::Level> level;
    std::optional<store::Transaction> transaction;  ///< once begun
};

}  // namespace uhost::db
