#include "host/store/transaction.hpp"

#include <fmt/format.h>

#include "host/core/error.hpp"

namespace uhost::store {

void check_in_transaction(const Database& database) {
    if (database.in_transaction()) return;
    throw Error("db.rolled_back",
                fmt::format("the transaction on {} was rolled back after an earlier error", database.name()))
        .hint("let that error end the transaction, then begin again");
}

Transaction::Transaction(Database& database) : database_(database), nested_(database.in_transaction()) {
    database_.control_transaction(nested_ ? "SAVEPOINT nested" : "BEGIN IMMEDIATE");
    open_ = true;
}

Transaction::~Transaction() {
    try {
        rollback();
    } catch (const Error&) {
        // Closing the connection, or the next one to open the file, rolls it back.
    }
}

void Transaction::commit() {
    check_in_transaction(database_);
    database_.control_transaction(nested_ ? "RELEASE nested" : "COMMIT");
    open_ = false;
}

void Transaction::rollback() {
    if (!open_) return;
    open_ = false;
    if (database_.in_transaction()) {
        database_.control_transaction(nested_ ? "ROLLBACK TO nested; RELEASE nested" : "ROLLBACK");
    }
}

}  // namespace uhost::store
