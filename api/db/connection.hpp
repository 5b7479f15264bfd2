#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/db/turns.hpp"
#include "host/store/transaction.hpp"

namespace uhost::db {

/// A database as the tasks of a script share it: jobs on the worker pool use it one at a time, in turn.
/// Everything here belongs to the loop's thread, except what a running job does with `database`.
struct Connection {
    explicit Connection(std::unique_ptr<store::Database> opened, std::size_t most)
        : database(std::move(opened)), most_rows(most) {}

    /// Drops a statement of this database: now, or when the job that runs has ended.
    void discard(store::Statement statement);
    void job_started() { job_running = true; }
    void job_ended();

    std::unique_ptr<store::Database> database;
    std::size_t most_rows;  ///< that query() returns
    Turns turns;
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
