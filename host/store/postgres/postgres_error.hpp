#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <string>
#include <string_view>

#include "host/core/error.hpp"

namespace uhost::store::postgres {

/// Whether the server reports an error, or skipped the command after one.
bool failed(const PGresult* result);

/// What the server answered, as an Error about `name`; kinds are those of sqlite_error(), and `db.timeout` (its
/// statement timeout), `db.connection` (it ends the connection). `sql` is what was sent, `stopped` whether it was asked
/// to cancel. The byte of `sql` at fault, where the server says it, is in details as `offset`, from 0.
Error result_error(const PGresult* result, const std::string& name, std::string_view sql, bool stopped);

/// Why connecting failed: `db.open`.
Error connection_error(const PGconn* connection, const std::string& name);
Error no_answer_error(const std::string& name, std::chrono::milliseconds timeout);

/// The connection broke: `db.connection`.
Error lost_error(const std::string& name, std::string native);

}  // namespace uhost::store::postgres
