#include "host/store/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "host/core/excerpt.hpp"
#include "host/core/utf8.hpp"

namespace uhost::store {
namespace {

constexpr std::size_t max_excerpt_bytes = 60;
constexpr std::size_t max_sql_detail_bytes = 1000;

// As /proc/locks writes it: "08:01:1835023". Empty when the file is not there.
std::string lock_identity(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return {};
    return fmt::format("{:02x}:{:02x}:{}", major(status.st_dev), minor(status.st_dev), status.st_ino);
}

std::string describe(int process) {
    if (process == ::getpid()) return "this process, through another connection";
    std::ifstream file(fmt::format("/proc/{}/comm", process));
    std::string name;
    std::getline(file, name);
    return name.empty() ? fmt::format("process {}", process) : fmt::format("process {} ({})", process, name);
}

struct Cause {
    int code;            // extended
    int system_code;     // errno of the last failed system call, or 0
    int offset;          // where in the SQL, from 0; -1 when that is not known
    std::string native;  // SQLite's message
};

Error busy(const Cause& cause, const std::string& file) {
    if (cause.code == SQLITE_BUSY_SNAPSHOT) {
        return Error("db.busy", fmt::format("{} was changed by others while rows of it are being read here", file))
            .hint("end the loop that reads first (collect its rows), or write through a second connection")
            .with("retry", false);
    }
    const auto holder = lock_holder(file);
    return Error("db.busy", fmt::format("{} is locked{}", file, holder.empty() ? "" : " by " + holder))
        .hint(fmt::format("wait until {} is done with it, or allow more time",
                          holder.empty() ? "the other process" : holder))
        .with("retry", true);
}

Error corrupt(const Cause& cause, const std::string& file) {
    const bool foreign = (cause.code & 0xff) == SQLITE_NOTADB;
    return Error("db.corrupt", file + (foreign ? " is not an SQLite database" : " is damaged"))
        .hint(fmt::format("move it aside (mv '{0}' '{0}.damaged', and its -wal and -shm likewise); a new one is made",
                          file))
        .with("path", file);
}

std::pair<const char*, const char*> constraint(int code) {
    switch (code) {
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
        case SQLITE_CONSTRAINT_UNIQUE:
            return {"unique", "such a row exists; change it, or say INSERT … ON CONFLICT DO UPDATE"};
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            return {"foreign_key", "the row that it refers to has to be there first"};
        case SQLITE_CONSTRAINT_NOTNULL:
            return {"not_null", "give that column a value"};
        case SQLITE_CONSTRAINT_CHECK:
            return {"check", "the value is outside what the table allows"};
        case SQLITE_CONSTRAINT_DATATYPE:
            return {"type", "the value does not fit the type of the column"};
        default:
            return {"other", ""};
    }
}

Error broken_constraint(const Cause& cause) {
    const auto [name, hint] = constraint(cause.code);
    return Error("db.constraint", "the change breaks a rule of the table: " + cause.native)
        .hint(hint)
        .with("constraint", std::string(name));
}

// `offset` counts from the start of the text; negative: unknown.
Error wrong_sql(const Cause& cause, std::string_view sql, std::int64_t offset) {
    const auto detail = std::string(utf8::truncate(sql, max_sql_detail_bytes));
    if (offset < 0 || static_cast<std::size_t>(offset) > sql.size()) {
        return Error("db.sql", cause.native).hint("correct the SQL, or create what it names first").with("sql", detail);
    }
    const auto [line, column, line_rest] = place_in(sql, static_cast<std::size_t>(offset));
    const auto rest = utf8::truncate(line_rest, max_excerpt_bytes);
    return Error("db.sql", fmt::format("{}, at line {} column {} of the SQL: {}", cause.native, line, column, rest))
        .hint("correct the statement there")
        .with("sql", detail)
        .with("line", line)
        .with("column", column);
}

Error refused(std::string_view statement) {
    std::string upper(statement.substr(0, statement.find(';')));
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (upper.find("ATTACH") != upper.npos || upper.find("VACUUM") != upper.npos) {
        return Error("db.alone", "SQL cannot reach other files here")
            .hint("a dry run keeps to its copy of the database");
    }
    return Error("db.transaction", "BEGIN, COMMIT, ROLLBACK and SAVEPOINT cannot be given as SQL")
        .hint("use conn:transaction(function() … end), which also rolls back on an error");
}

Error full(const std::string& file) {
    return Error("db.full", fmt::format("no space is left to write {}", file))
        .hint("free some space on that disk, or choose another folder; nothing was half-written");
}

Error read_only(const std::string& file) {
    return Error("db.readonly", fmt::format("{} cannot be written to", file))
        .hint("check who owns it and its folder, and their permissions (ls -l), or choose another folder");
}

Error cannot_open(const Cause& cause, const std::string& file) {
    // SQLite's errno is that of its last try, which need not be the one that mattered: it needs to write -wal and -shm
    // files beside the file. So ask the folder first.
    const auto folder = std::filesystem::path(file).parent_path();
    const int denied = ::access(folder.empty() ? "." : folder.c_str(), W_OK) == 0 ? 0 : errno;
    if (denied == EROFS || denied == EACCES) return read_only(file);
    const auto message = fmt::format("cannot open the database {}", file);
    const int code = denied != 0 ? denied : cause.system_code;
    if (code != 0) return system_error("db.open", message, code);
    return Error("db.open", message).hint("check that it is a file, and that its folder may be written to");
}

Error read_or_write(const Cause& cause, const std::string& file) {
    if (cause.system_code == ENOSPC || cause.system_code == EDQUOT) return full(file);
    const auto message = fmt::format("cannot read or write {}", file);
    if (cause.system_code != 0) return system_error("db.io", message, cause.system_code);
    return Error("db.io", fmt::format("{}: {}", message, cause.native)).hint("check the disk that it lies on");
}

Error explain(const Cause& cause, const std::string& file, std::string_view sql, std::size_t start) {
    switch (cause.code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return busy(cause, file);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return corrupt(cause, file);
        case SQLITE_FULL:
            return full(file);
        case SQLITE_CONSTRAINT:
            return broken_constraint(cause);
        case SQLITE_READONLY:
            return read_only(file);
        case SQLITE_CANTOPEN:
            return cannot_open(cause, file);
        case SQLITE_INTERRUPT:
            return Error("db.interrupted", "the statement was interrupted");
        case SQLITE_NOMEM:
            return Error("memory", "out of memory");
        case SQLITE_TOOBIG:
            return Error("db.too_large", fmt::format("a value is too large for {}", file))
                .hint("keep it in a file of its own");
        case SQLITE_AUTH:
            return refused(sql.substr(start));
        case SQLITE_ABORT:
            return Error("db.rolled_back",
                         "the rows that were being read went away with a transaction that was rolled back")
                .hint("read them again");
        case SQLITE_ERROR:
        case SQLITE_MISMATCH:
        case SQLITE_RANGE:
            return wrong_sql(cause, sql, cause.offset < 0 ? -1 : cause.offset + static_cast<std::int64_t>(start));
        default:
            return read_or_write(cause, file);
    }
}

}  // namespace

std::string lock_holder(const std::filesystem::path& file) {
    const auto database = lock_identity(file), shared_memory = lock_identity(file.string() + "-shm");
    std::ifstream locks("/proc/locks");
    std::string line;
    while (std::getline(locks, line)) {
        // "1: POSIX  ADVISORY  WRITE 4711 08:01:1835023 120 120"; waiting ones have "->" after the number.
        std::istringstream words(line);
        std::string number, family, mode, access, identity;
        int process = 0;
        if (!(words >> number >> family >> mode >> access >> process >> identity)) continue;
        if (access != "WRITE" || process <= 0 || identity.empty()) continue;
        if (identity == database || identity == shared_memory) return describe(process);
    }
    return {};
}

Error sqlite_error(sqlite3* handle, int code, const std::string& file, std::string_view sql, std::size_t start) {
    Cause cause{code, 0, -1, sqlite3_errstr(code)};
    if (handle != nullptr) {
        cause = {code, sqlite3_system_errno(handle), sqlite3_error_offset(handle), sqlite3_errmsg(handle)};
    }
    return explain(cause, file, sql, start).native(fmt::format("SQLite: {} (code {})", cause.native, code));
}

}  // namespace uhost::store
