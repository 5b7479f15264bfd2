#include "host/store/postgres/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <thread>

#include "host/store/postgres/postgres_error.hpp"
#include "host/store/postgres/translator.hpp"

namespace uhost::store::postgres {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t max_waiting_bytes = std::size_t{256} << 20;
constexpr int rows_before_cancelling = 1000;
constexpr auto patience_for_outcome = 10s;
constexpr Oid bytes_type = 17, text_type = 25;

constexpr Dialect postgres_dialect{
    "postgresql",
    "SELECT 1 FROM pg_class WHERE relname = 'uhost_migrations' AND relnamespace = "
    "to_regnamespace(quote_ident(current_schema()))",
    "CREATE TABLE IF NOT EXISTS uhost_migrations (name TEXT NOT NULL, step INTEGER NOT NULL, applied_at TEXT NOT NULL,"
    " PRIMARY KEY (name, step))",
    "INSERT INTO uhost_migrations VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
};

std::string state_of(const PGresult* result) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state != nullptr ? state : "";
}

// A parameter has another type than its value.
bool concerns_types(const std::string& state) {
    static const std::set<std::string_view> states{"42883", "42804", "42P08", "42P18", "42725"};
    return states.contains(state);
}

bool has_code(const Error& error, std::string_view code) {
    return std::ranges::any_of(error.details(), [&](const auto& detail) {
        const auto* text = std::get_if<std::string>(&detail.second);
        return detail.first == "code" && text != nullptr && *text == code;
    });
}

bool is_lost(const Error& error) { return error.kind() == "db.connection"; }

}  // namespace

PostgresConnection::PostgresConnection(std::shared_ptr<Pool> pool, const OpenOptions& options, bool dry)
    : pool_(std::move(pool)),
      options_(options),
      name_(options.schema.empty() ? pool_->server().name
                                   : fmt::format("{} (schema {})", pool_->server().name, options.schema)),
      dry_(dry) {
    if (!options_.display_name.empty()) name_ = options_.display_name;
    if (dry_) begin_dry_run();
    create_schema();
    if (dry_) copy_leases();
    release_session();
}

PostgresConnection::~PostgresConnection() {
    if (active_ != nullptr) discard_rest(*active_);
    if (session_ && holds_transaction() && !session_->link.lost() && !session_->link.in_batch()) {
        try {
            session_->link.set_stop({});
            session_->link.run({{"ROLLBACK"}});
        } catch (const Error&) {
            // The server rolls back what it loses the connection to.
        }
    }
    if (session_) pool_->give_back(std::move(session_));
}

const Dialect& PostgresConnection::dialect() const { return postgres_dialect; }

Session& PostgresConnection::session() {
    if (!session_) {
        session_ = pool_->take(options_.schema, options_.busy_timeout, stop_);
        session_->link.set_stop(stop_);
    }
    return *session_;
}

void PostgresConnection::release_session() noexcept {
    if (session_ && !holds_transaction() && active_ == nullptr) pool_->give_back(std::move(session_));
}

void PostgresConnection::drop_session() noexcept {
    levels_ = 0;
    active_ = nullptr;
    transaction_id_.clear();
    if (session_) pool_->give_back(std::move(session_));
}

void PostgresConnection::set_stop(std::stop_token stop) {
    const std::lock_guard lock(mutex_);
    stop_ = std::move(stop);
    if (session_) session_->link.set_stop(stop_);
}

void PostgresConnection::create_schema() {
    if (options_.schema.empty()) return;
    auto& link = session().link;
    const auto found = link.run({{"SELECT 1 FROM pg_namespace WHERE nspname = $1", {text_parameter(options_.schema)}}});
    if (PQntuples(found.get()) > 0) return;
    if (options_.read_only) {
        throw Error("db.open", fmt::format("cannot open the database {}: there is no such schema", name_))
            .hint("what writes to it creates it");
    }
    // Two at once: the one that comes second finds it there.
    link.run({{"SELECT pg_advisory_xact_lock(hashtextextended('uhost.schemas', 0))"},
              {"CREATE SCHEMA IF NOT EXISTS " + quoted(options_.schema), {}, true}});
}

std::unique_ptr<EngineStatement> PostgresConnection::prepare(std::string_view sql) {
    if (sql.find('\0') != sql.npos)
        throw Error("db.sql", "there is a zero byte in the SQL").hint("pass bytes as parameters");
    return std::make_unique<PostgresStatement>(*this, sql);
}

void PostgresConnection::execute_script(std::string_view sql) {
    if (sql.find('\0') != sql.npos)
        throw Error("db.sql", "there is a zero byte in the SQL").hint("pass bytes as parameters");
    for (const auto& [begin, length] : split_statements(sql)) {
        PostgresStatement statement(*this, sql.substr(begin, length));
        while (statement.step()) continue;
    }
}

// The schema's lock, for at most as long as a statement waits for locks. Which settings hold for this transaction only.
Command PostgresConnection::lock_command(bool exclusive) const {
    const auto timeout = std::max<std::int64_t>(options_.busy_timeout.count(), 1);
    auto sql = fmt::format(
        "SELECT set_config('lock_timeout', '{}', true){}, pg_advisory_xact_lock{}(hashtextextended('uhost.store.' || "
        "current_schema(), 0))",
        timeout, options_.durable ? ", set_config('synchronous_commit', 'on', true)" : "", exclusive ? "" : "_shared");
    return {std::move(sql)};
}

void PostgresConnection::run_control(std::vector<Command> commands) {
    try {
        keep_rest_of_active();
        session().link.run(std::move(commands));
    } catch (const Error& error) {
        if (is_lost(error)) drop_session();
        throw;
    }
}

void PostgresConnection::begin_dry_run() { session().link.run({{"BEGIN"}}); }

// Whoever takes or renews a lease would wait for the rows of a dry run, as long as that goes on. It has a copy, which
// hides the table and goes with the transaction.
void PostgresConnection::copy_leases() {
    auto& link = session().link;
    const auto found = link.run({{"SELECT to_regclass('uhost_leases') IS NOT NULL AND "
                                  "has_database_privilege(current_database(), 'TEMP')"}});
    if (*PQgetvalue(found.get(), 0, 0) != 't') return;
    link.run({{"CREATE TEMP TABLE uhost_leases AS SELECT * FROM uhost_leases", {}, true}});
    link.run({{"ALTER TABLE pg_temp.uhost_leases ADD PRIMARY KEY (name)", {}, true}});
}

void PostgresConnection::begin() {
    keep_rest_of_active();
    std::vector<Command> batch{{options_.read_only ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN"}};
    if (!options_.read_only) batch.push_back(lock_command(true));
    for (int attempt = 0;; ++attempt) {
        auto& link = session().link;
        try {
            link.run(batch);
            transaction_id_.clear();
            levels_ = 1;
            return;
        } catch (const Error& error) {
            if (is_lost(error)) {
                drop_session();
                if (attempt == 0) continue;
                throw;
            }
            try {
                link.run({{"ROLLBACK"}});
            } catch (const Error&) {
                drop_session();
            }
            release_session();
            throw;
        }
    }
}

void PostgresConnection::commit() {
    keep_rest_of_active();
    auto& link = session().link;
    const int backend = link.backend();
    // What is done is done: a stop that comes now does not leave it in doubt.
    link.set_stop({});
    try {
        const auto result = link.run({{"COMMIT"}});
        const bool committed = std::string_view(PQcmdStatus(const_cast<PGresult*>(result.get()))) == "COMMIT";
        levels_ = 0;
        link.set_stop(stop_);
        release_session();
        if (committed) return;
    } catch (const Error& error) {
        const auto transaction = transaction_id_;
        const bool known = !is_lost(error) || link.ended_by_server();
        drop_session();
        if (known) throw;
        return find_out(transaction, backend);
    }
    throw Error("db.rolled_back", fmt::format("the transaction on {} ended with an earlier error", name_))
        .hint("begin again");
}

// The connection was lost while COMMIT was on its way. The server still knows what became of it.
void PostgresConnection::find_out(const std::string& transaction, int backend) {
    if (transaction.empty()) return;  // it had changed nothing
    const auto give_up_at = Clock::now() + patience_for_outcome;
    std::string native;
    try {
        for (;;) {
            const auto result =
                session().link.run({{"SELECT pg_xact_status($1::text::xid8)", {text_parameter(transaction)}}});
            const std::string outcome = PQgetvalue(result.get(), 0, 0);
            if (outcome != "in progress") release_session();
            if (outcome == "committed") return;
            if (outcome == "aborted") {
                throw Error("db.rolled_back",
                            fmt::format("the connection to {} was lost, and with it the transaction", name_))
                    .hint("begin again: nothing of it was kept");
            }
            if (outcome.empty() || Clock::now() >= give_up_at) break;
            // COMMIT has not arrived, and the server does not know yet that nobody is there.
            session().link.run(
                {{"SELECT pg_terminate_backend($1::text::int)", {text_parameter(std::to_string(backend))}}});
            std::this_thread::sleep_for(20ms);
        }
    } catch (const Error& error) {
        if (error.kind() == "db.rolled_back") throw;
        native = error.message();
        drop_session();
    }
    release_session();
    throw Error("db.unknown_outcome",
                fmt::format("the connection to {} was lost while a transaction was committed", name_))
        .hint("look whether it was kept before it is done again")
        .native(native);
}

void PostgresConnection::control(TransactionControl what) {
    const std::lock_guard lock(mutex_);
    const bool outermost = levels_ <= 1;
    using enum TransactionControl;
    switch (what) {
        case begin:
            if (!dry_) return this->begin();
            [[fallthrough]];
        case savepoint:
            run_control({{"SAVEPOINT nested"}});
            ++levels_;
            return;
        case commit:
            if (!dry_) return this->commit();
            [[fallthrough]];
        case release_savepoint:
            run_control({{"RELEASE SAVEPOINT nested"}});
            --levels_;
            return;
        case rollback:
        case rollback_to_savepoint:
            if (dry_ || !outermost) {
                run_control({{"ROLLBACK TO SAVEPOINT nested"}, {"RELEASE SAVEPOINT nested"}});
                --levels_;
                return;
            }
            if (session_) session_->link.set_stop({});
            run_control({{"ROLLBACK"}});
            levels_ = 0;
            release_session();
            return;
    }
}

// What defines the tables is kept in the words in which it came: a copy of the store in SQLite is made from it.
void PostgresConnection::note_definition(std::string_view sql, std::vector<Command>& batch) {
    batch.push_back(
        {"CREATE TABLE IF NOT EXISTS uhost_schema (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
         "sql text NOT NULL)",
         {},
         true});
    batch.push_back({"INSERT INTO uhost_schema (sql) VALUES ($1)", {text_parameter(std::string(sql))}, true});
}

std::vector<Command> PostgresConnection::batch_of(const PostgresStatement& statement, std::size_t& before) const {
    const auto& translation = statement.translation_;
    const bool writes = translation.kind == StatementKind::write || translation.kind == StatementKind::definition;
    std::vector<Command> batch;
    if (holds_transaction()) {
        batch.push_back({"SAVEPOINT statement"});
    } else if (options_.read_only && translation.kind != StatementKind::read) {
        batch.push_back({"SET TRANSACTION READ ONLY"});
    } else if (writes) {
        batch.push_back(lock_command(false));
    }
    if (!translation.before.empty()) batch.push_back({translation.before, {}, true});
    before = batch.size();
    batch.push_back(statement.command());
    if (translation.kind == StatementKind::definition) note_definition(statement.sql(), batch);
    if (!holds_transaction()) return batch;
    batch.push_back({"RELEASE SAVEPOINT statement"});
    if (writes && transaction_id_.empty() && !dry_) batch.push_back({"SELECT pg_current_xact_id_if_assigned()::text"});
    return batch;
}

void PostgresConnection::undo_statement() {
    if (holds_transaction()) session().link.run({{"ROLLBACK TO SAVEPOINT statement"}, {"RELEASE SAVEPOINT statement"}});
}

// The server makes text of bytes and bytes of text without a word. Where a value may be of the wrong one of the two, it
// is asked first what it takes the parameters for.
void PostgresConnection::check_bytes(PostgresStatement& statement) {
    const auto& values = statement.values_;
    const bool has_bytes =
        std::ranges::any_of(values, [](const Value& value) { return std::holds_alternative<Blob>(value); });
    const bool writes = statement.translation_.kind == StatementKind::write;
    if (!writes || (!has_bytes && statement.typing_ == PostgresStatement::Typing::by_value)) return;
    if (statement.types_.empty()) find_types(statement);
    for (std::size_t i = 0; i < values.size() && i < statement.types_.size(); ++i) {
        const bool bytes = std::holds_alternative<Blob>(values[i]),
                   text = std::holds_alternative<std::string>(values[i]);
        const auto type = statement.types_[i];
        if (!(bytes && type == text_type) && !(text && type == bytes_type)) continue;
        throw Error("db.constraint",
                    fmt::format("the change breaks a rule of the table: {} is given for a column of {}",
                                bytes ? "a blob" : "text", bytes ? "text" : "blobs"))
            .hint("the value does not fit the type of the column: db.blob(…) makes bytes of a string")
            .with("constraint", std::string("type"));
    }
}

void PostgresConnection::find_types(PostgresStatement& statement) {
    auto command = statement.command();
    for (auto& parameter : command.parameters) parameter.type = 0;
    auto& link = session().link;
    if (holds_transaction()) link.run({{"SAVEPOINT statement"}});
    try {
        statement.types_ = link.parameter_types(command);
    } catch (const Error& error) {
        if (is_lost(error)) throw;
        statement.types_.assign(1, 0);  // what is wrong shows when it is executed
    }
    undo_statement();
}

// Whether it started; if not, it is to be tried again in the next way.
bool PostgresConnection::try_start(PostgresStatement& statement) {
    using Typing = PostgresStatement::Typing;
    check_bytes(statement);
    auto& link = session().link;
    std::size_t before = 0;
    link.send(batch_of(statement, before));
    Result result;
    for (std::size_t i = 0; i < before && !failed(result.get()); ++i) {
        while ((result = link.next()) && !failed(result.get())) continue;
    }
    const bool reached = !failed(result.get());
    if (reached) result = link.next();
    if (!failed(result.get())) {
        statement.started_ = true;
        count(statement, result.get());
        const bool more = PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE;
        statement.waiting_.push_back(std::move(result));
        active_ = &statement;
        if (!more) finish(statement);
        return true;
    }
    const auto state = state_of(result.get());
    const auto why = statement.placed(link.error(result.get(), statement.translation_.sql));
    link.end();
    undo_statement();
    if (reached && concerns_types(state) && statement.typing_ != Typing::null_is_text && !statement.values_.empty()) {
        statement.typing_ = statement.typing_ == Typing::by_value ? Typing::unknown : Typing::null_is_text;
        return false;
    }
    throw why;
}

void PostgresConnection::start(PostgresStatement& statement) {
    keep_rest_of_active();
    bool changed_tables = false;
    for (int attempt = 0;; ++attempt) {
        const bool in_transaction = holds_transaction();
        try {
            auto catalog = pool_->catalog(session());
            if (statement.catalog_ != catalog) statement.translate(catalog);
            if (statement.translation_.misses_table && attempt == 0) {  // another process may have made it
                pool_->forget_catalog(options_.schema);
                catalog = pool_->catalog(session());
                statement.translate(catalog);
            }
            while (!try_start(statement)) continue;
            if (statement.translation_.kind == StatementKind::definition) pool_->forget_catalog(options_.schema);
            return;
        } catch (const Error& error) {
            if (!is_lost(error)) {
                // A plan that was made for other tables.
                const bool stale = error.kind() == "db.sql" && !changed_tables && has_code(error, "0A000");
                if (!stale) {
                    release_session();
                    throw;
                }
                changed_tables = true;
                session().link.forget_prepared();
                pool_->forget_catalog(options_.schema);
                continue;
            }
            const bool reads = statement.translation_.kind == StatementKind::read;
            const bool undone = reads || (session_ && session_->link.ended_by_server());
            drop_session();
            if (dry_) throw;
            if (in_transaction) {
                throw Error("db.connection",
                            fmt::format("the connection to {} was lost, and with it the transaction", name_))
                    .hint("begin the transaction again: nothing of it was kept")
                    .native(error.native());
            }
            if (!undone) {
                throw Error("db.unknown_outcome",
                            fmt::format("the connection to {} was lost while a statement ran", name_))
                    .hint(
                        "look whether it took effect before it is done again; in a transaction, uhost finds out itself")
                    .native(error.native());
            }
            if (attempt > 0) throw;
        }
    }
}

void PostgresConnection::count(PostgresStatement& statement, const PGresult* result) {
    const auto& translation = statement.translation_;
    if (translation.kind != StatementKind::write) return;
    const char* changed = PQcmdTuples(const_cast<PGresult*>(result));
    if (*changed == '\0') return;
    changes_ = std::atoll(changed);
    total_changes_ += changes_;
    for (int row = PQntuples(result) - 1; translation.returns_id && row >= 0; --row) {
        if (PQgetisnull(result, row, 0) != 0) continue;
        last_insert_id_ = std::atoll(PQgetvalue(result, row, 0));
        return;
    }
}

void PostgresConnection::fetch(PostgresStatement& statement) {
    auto& link = session().link;
    try {
        auto result = link.next();
        if (failed(result.get())) {
            const auto why = statement.placed(link.error(result.get(), statement.translation_.sql));
            link.end();
            active_ = nullptr;
            undo_statement();
            release_session();
            throw why;
        }
        const bool more = PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE;
        statement.waiting_bytes_ += PQresultMemorySize(result.get());
        statement.waiting_.push_back(std::move(result));
        if (!more) finish(statement);
    } catch (const Error& error) {
        if (is_lost(error)) drop_session();
        throw;
    }
}

// Reads what comes behind the statement's results.
void PostgresConnection::finish(PostgresStatement& statement) {
    auto& link = session().link;
    if (statement.translation_.returns_id) {
        statement.waiting_.clear();
        statement.waiting_.emplace_back(PQmakeEmptyPGresult(nullptr, PGRES_COMMAND_OK));
    }
    active_ = nullptr;
    while (link.next()) continue;
    while (!link.at_end()) {
        while (const auto result = link.next()) {
            if (PQntuples(result.get()) == 1 && PQgetisnull(result.get(), 0, 0) == 0)
                transaction_id_ = PQgetvalue(result.get(), 0, 0);
        }
    }
    link.end();
    release_session();
}

// Another statement needs the connection: the rows that are still to come are kept here.
void PostgresConnection::keep_rest_of_active() {
    while (active_ != nullptr) {
        auto& reading = *active_;
        if (reading.waiting_bytes_ > max_waiting_bytes) {
            discard_rest(reading);
            throw Error("db.too_large",
                        fmt::format("the rows of a statement that is being read from {} do not fit into memory", name_))
                .hint("end the loop that reads first, or open a second connection for what is done in it");
        }
        fetch(reading);
    }
}

void PostgresConnection::discard_rest(PostgresStatement&) noexcept {
    active_ = nullptr;
    try {
        auto& link = session().link;
        for (int row = 0; const auto result = link.next(); ++row) {
            if (failed(result.get())) break;
            // In a transaction that would be an error of it.
            if (row == rows_before_cancelling && !holds_transaction()) link.cancel();
        }
        link.end();
        release_session();
    } catch (const Error&) {
        drop_session();
    }
}

}  // namespace uhost::store::postgres
