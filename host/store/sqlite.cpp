#include "host/store/sqlite.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <mutex>
#include <thread>

#include "host/core/descriptor.hpp"

namespace uhost::store {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int max_value_bytes = 256 << 20;
constexpr int steps_between_stop_checks = 1000;
constexpr auto max_pause = 25ms;
constexpr std::string_view in_memory = ":memory:";
constexpr std::string_view blanks = " \t\r\n;";

constexpr Dialect sqlite_dialect{
    "sqlite",
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'uhost_migrations'",
    "CREATE TABLE IF NOT EXISTS uhost_migrations (\n"
    "    name TEXT NOT NULL, step INTEGER NOT NULL, applied_at TEXT NOT NULL,\n"
    "    PRIMARY KEY (name, step)\n"
    ") WITHOUT ROWID, STRICT",
    "INSERT INTO uhost_migrations VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
};

const char* sql_of(TransactionControl what) {
    switch (what) {
        case TransactionControl::begin:
            return "BEGIN IMMEDIATE";
        case TransactionControl::commit:
            return "COMMIT";
        case TransactionControl::rollback:
            return "ROLLBACK";
        case TransactionControl::savepoint:
            return "SAVEPOINT nested";
        case TransactionControl::release_savepoint:
            return "RELEASE nested";
        case TransactionControl::rollback_to_savepoint:
            return "ROLLBACK TO nested; RELEASE nested";
    }
    return "";
}

bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == text.npos; }

// SQLite itself would create it with the umask's mode. A file that exists is left alone: to open and close it would
// drop the locks that other connections of this process hold on it, hence also the mutex.
void create_private_file(const std::string& file) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    const Descriptor created(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

struct Binder {
    sqlite3_stmt* statement;
    int parameter;

    int operator()(Null) const { return sqlite3_bind_null(statement, parameter); }
    int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, parameter, value); }
    int operator()(double value) const { return sqlite3_bind_double(statement, parameter, value); }
    int operator()(const std::string& text) const {
        return sqlite3_bind_text64(statement, parameter, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    int operator()(const Blob& blob) const {
        return sqlite3_bind_blob64(statement, parameter, blob.bytes.data(), blob.bytes.size(), SQLITE_TRANSIENT);
    }
};

class SqliteStatement : public EngineStatement {
public:
    SqliteStatement(StatementHandle handle, const std::string& name) : handle_(std::move(handle)), name_(name) {}

    std::string_view sql() const override { return sqlite3_sql(handle_.get()); }
    int parameter_count() const override { return sqlite3_bind_parameter_count(handle_.get()); }
    std::string_view parameter_name(int parameter) const override {
        const char* name = sqlite3_bind_parameter_name(handle_.get(), parameter);
        return name == nullptr || *name == '?' ? std::string_view() : std::string_view(name + 1);
    }
    void bind(int parameter, const Value& value) override {
        const int code = std::visit(Binder{handle_.get(), parameter}, value);
        if (code != SQLITE_OK) throw error(code);
    }
    void clear_bindings() noexcept override { sqlite3_clear_bindings(handle_.get()); }

    bool step() override {
        const int code = sqlite3_step(handle_.get());
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        auto failed = error(code);
        reset();
        throw failed;
    }
    void reset() noexcept override { sqlite3_reset(handle_.get()); }

    int column_count() const override { return sqlite3_column_count(handle_.get()); }
    std::string_view column_name(int column) const override { return sqlite3_column_name(handle_.get(), column); }
    bool is_null(int column) const override { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(handle_.get(), column); }
    double number(int column) const override { return sqlite3_column_double(handle_.get(), column); }
    std::string_view text(int column) const override;
    Value value(int column) const override;

private:
    Error error(int code) const { return sqlite_error(sqlite3_db_handle(handle_.get()), code, name_, sql()); }

    StatementHandle handle_;
    const std::string& name_;
};

std::string_view SqliteStatement::text(int column) const {
    auto* statement = handle_.get();
    // Asked for as text, what a UTF-16 database holds comes as UTF-8.
    const bool is_blob = sqlite3_column_type(statement, column) == SQLITE_BLOB;
    const void* bytes = is_blob ? sqlite3_column_blob(statement, column) : sqlite3_column_text(statement, column);
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

Value SqliteStatement::value(int column) const {
    switch (sqlite3_column_type(handle_.get(), column)) {
        case SQLITE_INTEGER:
            return integer(column);
        case SQLITE_FLOAT:
            return number(column);
        case SQLITE_TEXT:
            return std::string(text(column));
        case SQLITE_BLOB:
            return Blob{std::string(text(column))};
        default:
            return Null{};
    }
}

class SqliteConnection : public EngineConnection {
public:
    SqliteConnection(const std::string& file, const OpenOptions& options);

    const std::string& name() const override { return name_; }
    const Dialect& dialect() const override { return sqlite_dialect; }
    std::unique_ptr<EngineStatement> prepare(std::string_view sql) override;
    void execute_script(std::string_view sql) override;
    void control(TransactionControl what) override {
        const char* const sql = what == TransactionControl::begin && read_only_ ? "BEGIN" : sql_of(what);
        check(sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr), sql);
    }
    bool in_transaction() const override { return sqlite3_get_autocommit(handle()) == 0; }
    void set_durable(bool durable) override {
        if (durable != durable_) execute_script(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        durable_ = durable;
    }
    std::int64_t total_changes() const override { return sqlite3_total_changes64(handle()); }
    std::int64_t changes() const override { return sqlite3_changes64(handle()); }
    std::int64_t last_insert_id() const override { return sqlite3_last_insert_rowid(handle()); }
    void set_stop(std::stop_token stop) override { stop_ = std::move(stop); }

private:
    void configure(const OpenOptions& options);
    void use_write_ahead_log();
    StatementHandle compile(std::string_view text, std::size_t& at, unsigned flags);
    void check_text(std::string_view sql) const;
    void check(int code, std::string_view sql = {}) const;
    sqlite3* handle() const { return handle_.get(); }

    // Called by SQLite, through which no exception may pass.
    static int on_busy(void* self, int attempt) noexcept;
    static int on_progress(void* self) noexcept;
    static int authorize(void* self, int action, const char* what, const char*, const char*, const char*) noexcept;

    std::string name_;
    std::unique_ptr<sqlite3, CloseDatabase> handle_;
    std::chrono::milliseconds busy_timeout_;
    std::chrono::steady_clock::time_point busy_since_;
    std::stop_token stop_;
    bool isolated_, read_only_;
    bool durable_ = false;
    bool compiling_ = false;
};

SqliteConnection::SqliteConnection(const std::string& file, const OpenOptions& options)
    : name_(options.display_name.empty() ? file : options.display_name),
      busy_timeout_(options.busy_timeout),
      isolated_(options.isolated),
      read_only_(options.read_only) {
    if (options.private_file && !options.read_only && file != in_memory) create_private_file(file);
    const int access = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    handle_.reset(opened);
    check(code);
    configure(options);
}

void SqliteConnection::configure(const OpenOptions& options) {
    sqlite3_busy_handler(handle(), on_busy, this);
    sqlite3_progress_handler(handle(), steps_between_stop_checks, on_progress, this);
    sqlite3_limit(handle(), SQLITE_LIMIT_LENGTH, max_value_bytes);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    execute_script("PRAGMA cell_size_check = ON");
    // The first look into the file: here a file that is not a database shows.
    prepare("PRAGMA schema_version")->step();
    if (!options.read_only) {
        if (sqlite3_db_readonly(handle(), "main") == 1) throw sqlite_error(nullptr, SQLITE_READONLY, name_);
        use_write_ahead_log();
    }
    execute_script("PRAGMA synchronous = NORMAL");
    set_durable(options.durable);
    sqlite3_set_authorizer(handle(), authorize, this);
}

// SQLite does not call the busy handler when two connections switch a new file over at once.
void SqliteConnection::use_write_ahead_log() {
    for (int attempt = 0;; ++attempt) {
        try {
            return execute_script("PRAGMA journal_mode = WAL");
        } catch (const Error& error) {
            if (error.kind() != "db.busy" || on_busy(this, attempt) == 0) throw;
        }
    }
}

void SqliteConnection::check(int code, std::string_view sql) const {
    if (code != SQLITE_OK) throw sqlite_error(handle(), code, name_, sql);
}

int SqliteConnection::on_busy(void* self, int attempt) noexcept {
    auto& connection = *static_cast<SqliteConnection*>(self);
    const auto now = std::chrono::steady_clock::now();
    if (attempt == 0) connection.busy_since_ = now;
    if (connection.stop_.stop_requested() || now - connection.busy_since_ >= connection.busy_timeout_) return 0;
    std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(1ms * (attempt + 1), max_pause));
    return 1;
}

int SqliteConnection::on_progress(void* self) noexcept {
    return static_cast<SqliteConnection*>(self)->stop_.stop_requested() ? 1 : 0;
}

int SqliteConnection::authorize(void* self, int action, const char* what, const char*, const char*,
                                const char*) noexcept {
    const auto& connection = *static_cast<SqliteConnection*>(self);
    // VACUUM begins a transaction, and attaches a database without a name, when it runs.
    const bool transaction = action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT;
    if (transaction && connection.compiling_) return SQLITE_DENY;
    const bool other_file = action == SQLITE_ATTACH && (what == nullptr || *what != '\0');
    return other_file && connection.isolated_ ? SQLITE_DENY : SQLITE_OK;
}

// Compiles the statement at `at` of `text`, and moves `at` behind it; null for a comment.
StatementHandle SqliteConnection::compile(std::string_view text, std::size_t& at, unsigned flags) {
    const auto rest = text.substr(at);
    sqlite3_stmt* compiled = nullptr;
    const char* end = nullptr;
    compiling_ = true;
    const int code = sqlite3_prepare_v3(handle(), rest.data(), static_cast<int>(rest.size()), flags, &compiled, &end);
    compiling_ = false;
    if (code != SQLITE_OK) throw sqlite_error(handle(), code, name_, text, at);
    at = static_cast<std::size_t>(end - text.data());
    return StatementHandle(compiled);
}

void SqliteConnection::check_text(std::string_view sql) const {
    if (sql.find('\0') != sql.npos) {
        throw Error("db.sql", "there is a zero byte in the SQL").hint("pass bytes as parameters");
    }
    if (sql.size() > static_cast<std::size_t>(max_value_bytes)) throw sqlite_error(nullptr, SQLITE_TOOBIG, name_);
}

std::unique_ptr<EngineStatement> SqliteConnection::prepare(std::string_view sql) {
    check_text(sql);
    std::size_t at = 0;
    auto statement = compile(sql, at, SQLITE_PREPARE_PERSISTENT);
    if (!statement) throw Error("db.sql", "there is no statement in the SQL");
    while (!is_blank(sql.substr(at))) {
        if (compile(sql, at, 0)) {
            throw Error("db.sql", "there is more than one statement in the SQL").hint("give them one by one");
        }
    }
    return std::make_unique<SqliteStatement>(std::move(statement), name_);
}

void SqliteConnection::execute_script(std::string_view sql) {
    check_text(sql);
    for (std::size_t at = 0; !is_blank(sql.substr(at));) {
        const auto statement = compile(sql, at, 0);
        if (!statement) continue;
        int code = SQLITE_ROW;
        while (code == SQLITE_ROW) code = sqlite3_step(statement.get());
        if (code != SQLITE_DONE) throw sqlite_error(handle(), code, name_, sqlite3_sql(statement.get()));
    }
}

// Works on copies, in a temporary folder.
class SqliteDryRun : public DryRun {
public:
    SqliteDryRun() = default;
    ~SqliteDryRun() override {
        std::error_code left_behind;
        if (!folder_.empty()) fs::remove_all(folder_, left_behind);
    }
    SqliteDryRun(const SqliteDryRun&) = delete;
    SqliteDryRun& operator=(const SqliteDryRun&) = delete;

    std::unique_ptr<EngineConnection> open(const std::string& address, const OpenOptions& options) override {
        auto isolated = options;
        isolated.display_name = address;
        isolated.isolated = true;
        const auto file = address == in_memory ? address : copy_of(address, options.read_only);
        return std::make_unique<SqliteConnection>(file, isolated);
    }

private:
    // The file itself if it is only read and was not written to in this run.
    std::string copy_of(const std::string& file, bool read_only) {
        const std::lock_guard lock(mutex_);
        std::error_code failed;
        const auto real = fs::weakly_canonical(fs::absolute(file, failed), failed);
        if (const auto known = copies_.find(real); known != copies_.end()) return known->second;
        if (read_only) return file;
        if (!fs::is_directory(real.parent_path(), failed)) {
            throw system_error("db.open", "cannot open the database " + file, ENOENT);
        }
        auto copy = new_copy_path();
        // Copies what is committed, while others may go on writing.
        if (fs::exists(real, failed)) {
            SqliteConnection source(real, {.read_only = true});
            const auto statement = source.prepare("VACUUM INTO ?");
            statement->bind(1, copy);
            while (statement->step()) continue;
        }
        return copies_[real] = std::move(copy);
    }

    std::string new_copy_path() {
        if (folder_.empty()) {
            auto pattern = (fs::temp_directory_path() / "uhost-dry-run-XXXXXX").string();
            if (::mkdtemp(pattern.data()) == nullptr) {
                throw system_error("db.open", "cannot create a folder for the copies of a dry run", errno);
            }
            folder_ = pattern;
        }
        return (folder_ / fmt::format("{}.sqlite", copies_.size() + 1)).string();
    }

    std::mutex mutex_;
    fs::path folder_;
    std::map<fs::path, std::string> copies_;
};

class SqliteEngine : public Engine {
public:
    std::string_view name() const override { return "sqlite"; }
    std::unique_ptr<EngineConnection> open(const std::string& address, const OpenOptions& options) const override {
        return std::make_unique<SqliteConnection>(address, options);
    }
    std::shared_ptr<DryRun> begin_dry_run() const override { return std::make_shared<SqliteDryRun>(); }
};

}  // namespace

const Engine& sqlite_engine() {
    static const SqliteEngine engine;
    return engine;
}

}  // namespace uhost::store
