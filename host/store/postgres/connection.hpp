#pragma once

#include "host/store/engine.hpp"
#include "host/store/postgres/pool.hpp"

namespace uhost::store::postgres {

class PostgresStatement;

/// A store on a server, as one connection to it: of a pool's sessions it has one while a transaction or a read goes on.
///
/// As with SQLite one transaction at a time writes to a schema: it holds the schema's advisory lock. Statements outside
/// of transactions share that lock among themselves. In a transaction each statement is a savepoint, so that one that
/// fails undoes only itself.
class PostgresConnection : public EngineConnection {
public:
    /// `dry`: everything happens in one transaction that is never committed.
    PostgresConnection(std::shared_ptr<Pool> pool, const OpenOptions& options, bool dry);
    ~PostgresConnection() override;

    const std::string& name() const override { return name_; }
    const Dialect& dialect() const override;
    std::unique_ptr<EngineStatement> prepare(std::string_view sql) override;
    void execute_script(std::string_view sql) override;
    void control(TransactionControl what) override;
    bool in_transaction() const override { return levels_ > 0; }
    void set_durable(bool durable) override { options_.durable = durable; }
    std::int64_t total_changes() const override { return total_changes_; }
    std::int64_t changes() const override { return changes_; }
    std::int64_t last_insert_id() const override { return last_insert_id_; }
    void set_stop(std::stop_token stop) override;

private:
    friend class PostgresStatement;

    Session& session();
    void release_session() noexcept;
    /// After the connection was lost: what was begun is undone by the server.
    void drop_session() noexcept;
    bool holds_transaction() const { return dry_ || levels_ > 0; }
    void create_schema();

    void begin();
    void begin_dry_run();
    void copy_leases();
    void commit();
    void run_control(std::vector<Command> commands);
    void find_out(const std::string& transaction, int backend);
    Command lock_command(bool exclusive) const;
    static void note_definition(std::string_view sql, std::vector<Command>& batch);

    /// Executes `statement` up to its first row or its end.
    void start(PostgresStatement& statement);
    bool try_start(PostgresStatement& statement);
    std::vector<Command> batch_of(const PostgresStatement& statement, std::size_t& before) const;
    void check_bytes(PostgresStatement& statement);
    void find_types(PostgresStatement& statement);
    void undo_statement();
    /// More of the active statement's rows.
    void fetch(PostgresStatement& statement);
    void finish(PostgresStatement& statement);
    void keep_rest_of_active();
    void discard_rest(PostgresStatement& statement) noexcept;
    void count(PostgresStatement& statement, const PGresult* result);

    std::shared_ptr<Pool> pool_;
    OpenOptions options_;
    std::string name_;
    bool dry_;
    std::stop_token stop_;
    std::recursive_mutex mutex_;  // a dry run's connections are one
    std::unique_ptr<Session> session_;
    int levels_ = 0;
    std::string transaction_id_;           // of the transaction that goes on, once it has written
    PostgresStatement* active_ = nullptr;  // whose rows are still coming
    std::int64_t total_changes_ = 0, changes_ = 0, last_insert_id_ = 0;
};

class PostgresStatement : public EngineStatement {
public:
    PostgresStatement(PostgresConnection& connection, std::string_view sql);
    ~PostgresStatement() override { reset(); }

    std::string_view sql() const override { return sql_; }
    int parameter_count() const override { return static_cast<int>(translation_.parameters.size()); }
    std::string_view parameter_name(int parameter) const override;
    void bind(int parameter, const Value& value) override;
    void clear_bindings() noexcept override;
    bool step() override;
    void reset() noexcept override;

    int column_count() const override;
    std::string_view column_name(int column) const override;
    Value value(int column) const override;
    bool is_null(int column) const override;
    std::int64_t integer(int column) const override;
    double number(int column) const override;
    std::string_view text(int column) const override;

private:
    friend class PostgresConnection;

    /// How the server is told the types of parameters, one way after the other until it takes one: by their values, not
    /// at all, not at all but NULL as text.
    enum class Typing { by_value, unknown, null_is_text };

    void translate(const std::shared_ptr<const Catalog>& catalog);
    Command command() const;
    Sent sent(const Value& value) const;
    /// The columns are known only to the server, and only when it has executed the statement.
    const PGresult* executed() const;
    bool advance();
    Error placed(const Error& error) const;

    PostgresConnection& connection_;
    std::string sql_;
    std::vector<Value> values_;
    Translation translation_;
    std::shared_ptr<const Catalog> catalog_;  // that it was translated with
    Typing typing_ = Typing::by_value;
    std::vector<Oid> types_;  // that the server takes the parameters for, where it was asked
    bool started_ = false;
    Result current_;
    int row_ = -1;                // of `current_`
    std::deque<Result> waiting_;  // after it
    std::size_t waiting_bytes_ = 0;
    mutable std::string lent_;  // what text() gave
};

}  // namespace uhost::store::postgres
