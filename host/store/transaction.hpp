#pragma once

#include "host/store/database.hpp"

namespace uhost::store {

/// Throws `db.rolled_back` when `database`, in which a transaction was begun, is in none: SQLite has ended it by itself
/// after an earlier error (a full disk), and nothing more may be done in it.
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
