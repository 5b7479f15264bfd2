#pragma once

#include <span>
#include <string>
#include <string_view>

#include "host/store/database.hpp"

namespace uhost::store {

/// Brings the tables called `name` up to date: applies those of `steps` that the database has not seen, in order, all
/// in one transaction. A step is SQL, of any number of statements; once released it is never changed, new ones are
/// added. Which have been applied is kept in the table `uhost_migrations`. Safe when several processes do it at once.
/// Returns how many steps were applied. Throws `db.newer` when the database has more steps than these: a later version
/// wrote it; and what a step throws, its number added, with nothing changed. Not to be called in a transaction.
std::size_t migrate(Database& database, std::string_view name, std::span<const std::string_view> steps);

}  // namespace uhost::store
