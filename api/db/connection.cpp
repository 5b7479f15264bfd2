#include "api/db/connection.hpp"

namespace uhost::db {

void Connection::discard(store::Statement statement) {
    if (job_running) discarded.push_back(std::move(statement));
}

void Connection::job_ended() {
    job_running = false;
    discarded.clear();
}

Cursor::~Cursor() {
    if (statement) connection->discard(std::move(*statement));
}

HeldTransaction::~HeldTransaction() {
    transaction.reset();
    connection->turns.close(level);
}

}  // namespace uhost::db
