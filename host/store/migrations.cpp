#include "host/store/migrations.hpp"

#include <fmt/format.h>

#include "host/core/error.hpp"

namespace uhost::store {
namespace {

std::size_t steps_applied(Database& database, std::string_view name) {
    if (!database.prepare(database.connection().dialect().migrations_table_exists).step()) return 0;
    auto statement = database.prepare("SELECT max(step) FROM uhost_migrations WHERE name = ?");
    statement.bind_all(std::string(name)).step();
    return static_cast<std::size_t>(statement.integer(0));
}

void refuse_newer(const Database& database, std::string_view name, std::size_t applied, std::size_t known) {
    if (applied <= known) return;
    throw Error("db.newer",
                fmt::format("the tables '{}' in {} were written by a newer version: they are at step {}, and {} "
                            "are known here",
                            name, database.name(), applied, known))
        .hint("use the version that wrote them, or another file")
        .with("applied", static_cast<std::int64_t>(applied))
        .with("known", static_cast<std::int64_t>(known));
}

void apply_step(Database& database, std::string_view name, std::size_t number, std::string_view sql) {
    try {
        database.execute_script(sql);
    } catch (const Error& error) {
        auto placed =
            Error(error.kind(), fmt::format("step {} of the migration '{}': {}", number, name, error.message()))
                .hint(error.hint())
                .native(error.native())
                .with("step", static_cast<std::int64_t>(number));
        for (const auto& [key, value] : error.details()) std::move(placed).with(key, value);
        throw placed;
    }
    database.execute(database.connection().dialect().record_migration, std::string(name),
                     static_cast<std::int64_t>(number));
}

}  // namespace

std::size_t migrate(Database& database, std::string_view name, std::span<const std::string_view> steps) {
    if (database.in_transaction()) {
        throw Error("db.transaction", fmt::format("the migration '{}' cannot run inside a transaction", name))
            .hint("migrate before it: a migration is a transaction of its own");
    }
    // Most often there is nothing to do, and then no write lock is needed.
    const auto before = steps_applied(database, name);
    refuse_newer(database, name, before, steps.size());
    if (before == steps.size()) return 0;

    Transaction transaction(database);
    const auto applied = steps_applied(database, name);
    refuse_newer(database, name, applied, steps.size());
    database.execute_script(database.connection().dialect().create_migrations_table);
    for (auto i = applied; i < steps.size(); ++i) apply_step(database, name, i + 1, steps[i]);
    transaction.commit();
    return steps.size() - applied;
}

}  // namespace uhost::store
