#pragma once

#include <memory>
#include <optional>

#include "api/db/connection.hpp"
#include "api/db/rows.hpp"
#include "host/bind/object.hpp"

namespace uhost::db {

using bind::Call;

// binding_values.cpp
/// The table of parameters in argument `index`; nothing when it is absent.
std::optional<store::Parameters> parameters_at(const Call& call, int index);
int push_blob(Call& call);
/// Pushes a list of tables, one a row, keyed by column; NULL columns are absent.
void push_rows(Call& call, const Rows& rows);
/// Pushes the first row; nil when there is none.
void push_first_row(Call& call, const Rows& rows);

// binding_turns.cpp
/// Runs on the worker pool; what it returns pushes the results.
using Job = std::function<bind::Finish(store::Database&)>;
/// Waits until the calling task has the turn at `level`, then for the job. Cancelling interrupts it, and the task goes
/// on only when it has ended.
int run_in_turn(Call& call, const std::shared_ptr<Connection>& connection, std::shared_ptr<Turns::Level> level,
                Job job);
/// The same at the level that the calling task belongs to; throws in a transaction that the engine has ended by itself.
int run_in_turn(Call& call, const std::shared_ptr<Connection>& connection, Job job);
/// Waits for the turn and keeps it: gives a db.Transaction, not yet begun, that the calling task owns.
int hold(Call& call, const std::shared_ptr<Connection>& connection);
extern const bind::Type<HeldTransaction> transaction_type;

}  // namespace uhost::db
