// Tasks taking turns on a connection, and the object behind conn:transaction, whose order of calls is in init.lua.
#include "api/db/binding.hpp"
#include "host/task/scheduler.hpp"

namespace uhost::db {
namespace {

using Level = Turns::Level;

std::vector<std::uint64_t> ancestry(const Task& task) {
    std::vector<std::uint64_t> ids;
    for (const Task* at = &task; at != nullptr; at = at->parent) ids.push_back(at->id);
    return ids;
}

std::shared_ptr<Level> level_of_caller(const Call& call, const Connection& connection) {
    return connection.turns.level_of(ancestry(Scheduler::of(call.state()).current()));
}

// The turn while a job runs. Made and destroyed on the loop's thread.
struct Lease {
    Lease(std::shared_ptr<Connection> on, std::shared_ptr<Level> level)
        : connection(std::move(on)), turn(std::move(level)) {
        connection->job_started();
    }
    ~Lease() { connection->job_ended(); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    std::shared_ptr<Connection> connection;
    Turn turn;
};

// One wait: first in line, then for the job.
class TurnWait : public std::enable_shared_from_this<TurnWait> {
public:
    TurnWait(bind::Waker waker, std::shared_ptr<Connection> connection,
             std::shared_ptr<Level> level, Job job)
        : waker_(waker),
          connection_(std::move(connection)),
          level_(std::move(level)),
          job_(std::move(job)) {}

    void begin() {
        if (level_->turn.try_acquire()) return start();
        place_ = level_->turn.enqueue([self = shared_from_this()] {
            self->place_.reset();
            self->start();
        });
    }

    void cancel() {
        if (!place_) {
            stop_.request_stop();
            return;
        }
        level_->turn.leave(*std::exchange(place_, std::nullopt));
        waker_.fail(Error("cancelled", "the task was cancelled"));
    }

private:
    void start() {
        auto lease = std::make_shared<Lease>(connection_, level_);
        waker_.wake_after(
            [lease, job = std::move(job_)](std::stop_token stop) {
                auto& database = *lease->connection->database;
                const store::Interruptible interruptible(database, stop);
                if (stop.stop_requested()) throw Error("db.interrupted", "the statement was interrupted");
                return job(database);
            },
            stop_);
    }

    bind::Waker waker_;
    std::shared_ptr<Connection> connection_;
    std::shared_ptr<Level> level_;
    Job job_;
    std::stop_source stop_;
    std::optional<Limit::Place> place_;
};

}  // namespace

int run_in_turn(Call& call, const std::shared_ptr<Connection>& connection, std::shared_ptr<Level> level, Job job) {
    return call.wait(
        [&](bind::Waker waker) {
            auto wait = std::make_shared<TurnWait>(waker, connection, std::move(level),
                                                   std::move(job));
            wait->begin();
            return [wait] { wait->cancel(); };
        },
        bind::OnCancel::wait_for_end);
}

int run_in_turn(Call& call, const std::shared_ptr<Connection>& connection, Job job) {
    auto level = level_of_caller(call, *connection);
    if (level->owner == 0) return run_in_turn(call, connection, std::move(level), std::move(job));
    return run_in_turn(call, connection, std::move(level), [job = std::move(job)](store::Database& database) {
        store::check_in_transaction(database);
        return job(database);
    });
}

int hold(Call& call, const std::shared_ptr<Connection>& connection) {
    auto level = level_of_caller(call, *connection);
    const auto owner = Scheduler::of(call.state()).current().id;
    const auto give = [connection, owner](Call& results, std::shared_ptr<Turn> turn) {
        return transaction_type.give(results, std::make_shared<HeldTransaction>(connection, std::move(turn), owner));
    };
    if (level->turn.try_acquire()) return give(call, std::make_shared<Turn>(level));
    return call.wait([&](bind::Waker waker) {
        const auto place = level->turn.enqueue([waker, level, give] {
            // Should the task be cancelled before it runs again, the turn goes back with this closure.
            waker.wake([give, turn = std::make_shared<Turn>(level)](Call& results) { return give(results, turn); });
        });
        return [level, place] { level->turn.leave(place); };
    });
}

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
