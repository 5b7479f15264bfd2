// The object behind conn:transaction; its order of calls is in init.lua.
#include "api/db/binding.hpp"

namespace uhost::db {
namespace {

bind::Finish nothing() {
    return [](Call& results) { return results.none(); };
}

int begin(Call& call) {
    const auto held = transaction_type.share(call);
    return run_in_turn(call, held->connection, held->level, [held](store::Database& database) {
        held->transaction.emplace(database);
        return nothing();
    });
}

int commit(Call& call) {
    const auto held = transaction_type.share(call);
    return run_in_turn(call, held->connection, held->level, [held](store::Database&) {
        held->transaction.value().commit();
        return nothing();
    });
}

int rollback(Call& call) {
    const auto held = transaction_type.share(call);
    return run_in_turn(call, held->connection, held->level, [held](store::Database&) {
        if (held->transaction) held->transaction->rollback();
        return nothing();
    });
}

constexpr bind::Function transaction_methods[]{
    {"begin", begin, bind::Waits::yes}, {"commit", commit, bind::Waits::yes}, {"rollback", rollback, bind::Waits::yes}};

}  // namespace

const bind::Type<HeldTransaction> transaction_type{{"db.Transaction", transaction_methods, nullptr}};

}  // namespace uhost::db
