#include "host/store/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "host/store/failure.hpp"

namespace uhost::store {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t cached_statements = 64;
constexpr int largest_value_bytes = 256 << 20;
constexpr int steps_between_looks = 1000;
constexpr auto longest_pause = 25ms;

// SQLite itself would create it with the umask's mode. A file that is there is left alone: to open and close it would
// drop the locks that other connections of this process hold on it, hence also the mutex.
void create_private_file(const std::filesystem::path& file) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) ::close(descriptor);
}

constexpr std::string_view blanks = " \t\r\n;";

bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == text.npos; }

std::string_view without_trailing_blanks(std::string_view text) {
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

}  // namespace

void CloseDatabase::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Database::Database(const std::filesystem::path& file, const OpenOptions& options)
    : name_(options.called.empty() ? file.string() : options.called),
      cache_(cached_statements),
      busy_timeout_(options.busy_timeout),
      alone_(options.alone) {
    open(file.string(), options);
    configure(options);
}

Database::~Database() = default;

void Database::open(const std::string& path, const OpenOptions& options) {
    if (options.private_file && !options.read_only && path != ":memory:") create_private_file(path);
    const int access = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    handle_.reset(opened);
    check(code);
}

void Database::configure(const OpenOptions& options) {
    sqlite3_busy_handler(handle(), on_busy, this);
    sqlite3_progress_handler(handle(), steps_between_looks, on_progress, this);
    sqlite3_limit(handle(), SQLITE_LIMIT_LENGTH, largest_value_bytes);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    execute_script("PRAGMA cell_size_check = ON");
    // The first look into the file: what is no database shows here.
    prepare("PRAGMA schema_version").run();
    if (!options.read_only) {
        if (sqlite3_db_readonly(handle(), "main") == 1) throw failure(nullptr, SQLITE_READONLY, name_);
        use_write_ahead_log();
    }
    execute_script(options.durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    sqlite3_set_authorizer(handle(), authorize, this);
}

// SQLite does not call the busy handler when two connections switch a new file over at once.
void Database::use_write_ahead_log() {
    for (int attempt = 0;; ++attempt) {
        try {
            return execute_script("PRAGMA journal_mode = WAL");
        } catch (const Error& error) {
            if (error.kind() != "db.busy" || on_busy(this, attempt) == 0) throw;
        }
    }
}

void Database::check(int code, std::string_view sql) const {
    if (code != SQLITE_OK) throw failure(handle(), code, name_, sql);
}

int Database::on_busy(void* self, int attempt) {
    auto& database = *static_cast<Database*>(self);
    const auto now = std::chrono::steady_clock::now();
    if (attempt == 0) database.busy_since_ = now;
    if (database.stop_.stop_requested() || now - database.busy_since_ >= database.busy_timeout_) return 0;
    std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(1ms * (attempt + 1), longest_pause));
    return 1;
}

int Database::on_progress(void* self) { return static_cast<Database*>(self)->stop_.stop_requested() ? 1 : 0; }

int Database::authorize(void* self, int action, const char* what, const char*, const char*, const char*) {
    const auto& database = *static_cast<Database*>(self);
    // VACUUM begins a transaction, and attaches a database without a name, when it runs.
    const bool transaction = action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT;
    if (transaction && database.compiling_) return SQLITE_DENY;
    const bool other_file = action == SQLITE_ATTACH && (what == nullptr || *what != '\0');
    return other_file && database.alone_ ? SQLITE_DENY : SQLITE_OK;
}

// Compiles the statement at `at` of `text`, and moves `at` behind it; null for a comment.
StatementHandle Database::compile(std::string_view text, std::size_t& at, bool to_be_kept) {
    const auto rest = text.substr(at);
    sqlite3_stmt* compiled = nullptr;
    const char* end = nullptr;
    compiling_ = true;
    const int code = sqlite3_prepare_v3(handle(), rest.data(), static_cast<int>(rest.size()),
                                        to_be_kept ? SQLITE_PREPARE_PERSISTENT : 0U, &compiled, &end);
    compiling_ = false;
    if (code != SQLITE_OK) throw failure(handle(), code, name_, text, at);
    at = static_cast<std::size_t>(end - text.data());
    return StatementHandle(compiled);
}

void Database::check_text(std::string_view sql) const {
    if (sql.find('\0') != sql.npos) {
        throw Error("db.sql", "there is a zero byte in the SQL").hint("pass bytes as parameters");
    }
    if (sql.size() > static_cast<std::size_t>(largest_value_bytes)) throw failure(nullptr, SQLITE_TOOBIG, name_);
}

Statement Database::prepare(std::string_view sql) {
    sql = without_trailing_blanks(sql);
    if (auto cached = cache_.take(sql)) return Statement(*this, std::move(cached));
    check_text(sql);
    std::size_t at = 0;
    auto statement = compile(sql, at, true);
    if (!statement) throw Error("db.sql", "there is no statement in the SQL");
    while (!is_blank(sql.substr(at))) {
        if (compile(sql, at, false)) {
            throw Error("db.sql", "there is more than one statement in the SQL").hint("give them one by one");
        }
    }
    return Statement(*this, std::move(statement));
}

void Database::execute_script(std::string_view sql) {
    check_text(sql);
    for (std::size_t at = 0; !is_blank(sql.substr(at));) {
        const auto statement = compile(sql, at, false);
        if (!statement) continue;
        int code = SQLITE_ROW;
        while (code == SQLITE_ROW) code = sqlite3_step(statement.get());
        if (code != SQLITE_DONE) throw failure(handle(), code, name_, sqlite3_sql(statement.get()));
    }
}

void Database::take_back(StatementHandle statement) {
    sqlite3_reset(statement.get());
    sqlite3_clear_bindings(statement.get());
    cache_.put(std::move(statement));
}

void Database::control_transaction(const char* sql) {
    check(sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr), sql);
}

std::int64_t Database::total_changes() const { return sqlite3_total_changes64(handle()); }
std::int64_t Database::changes() const { return sqlite3_changes64(handle()); }
std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(handle()); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }

}  // namespace uhost::store
