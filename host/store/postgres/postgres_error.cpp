#include "host/store/postgres/postgres_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "host/core/utf8.hpp"

namespace uhost::store::postgres {
namespace {

struct Cause {
    std::string state, message, detail;
    std::int64_t offset = -1;  // in bytes
};

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

std::string field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text != nullptr ? text : "";
}

// The server counts characters, from 1.
std::int64_t byte_offset(std::string_view sql, const std::string& position) {
    auto characters = std::atoll(position.c_str());
    if (characters < 1) return -1;
    std::size_t at = 0;
    while (--characters > 0 && at < sql.size()) at += utf8::decode(sql.substr(at)).bytes;
    return static_cast<std::int64_t>(std::min(at, sql.size()));
}

Error constraint(const Cause& cause, std::string_view kind, std::string_view hint) {
    return Error("db.constraint", "the change breaks a rule of the table: " + cause.message)
        .hint(std::string(hint))
        .with("constraint", std::string(kind));
}

Error broken_constraint(const Cause& cause) {
    static const std::map<std::string_view, std::pair<std::string_view, std::string_view>> kinds{
        {"23505", {"unique", "such a row exists; change it, or say INSERT … ON CONFLICT DO UPDATE"}},
        {"23503", {"foreign_key", "the row that it refers to has to be there first"}},
        {"23502", {"not_null", "give that column a value"}},
        {"23514", {"check", "the value is outside what the table allows"}}};
    const auto kind = kinds.find(cause.state);
    if (kind == kinds.end()) return constraint(cause, "other", "");
    return constraint(cause, kind->second.first, kind->second.second);
}

Error wrong_sql(const Cause& cause) {
    auto error = Error("db.sql", cause.message).hint("correct the SQL, or create what it names first");
    if (cause.offset >= 0) std::move(error).with("offset", cause.offset);
    return error;
}

Error explain(const Cause& cause, const std::string& name, bool stopped) {
    const auto& state = cause.state;
    if (state.starts_with("23")) return broken_constraint(cause);
    if (state == "42804" || state == "22P02" || state == "22003") {
        auto error = constraint(cause, "type", "the value does not fit the type of the column");
        if (cause.offset >= 0) std::move(error).with("offset", cause.offset);
        return error;
    }
    if (state == "55P03" || state == "40P01" || state == "40001") {
        return Error("db.busy", fmt::format("{} is locked by another transaction", name))
            .hint("wait until the other process is done with it, or allow more time")
            .with("retry", true);
    }
    if (state == "57014") {
        if (stopped) return Error("db.interrupted", "the statement was interrupted");
        return Error("db.timeout", fmt::format("the statement took longer than {} allows", name))
            .hint("ask for less at a time, or raise the server's statement_timeout");
    }
    if (state == "25006" || state == "42501") {
        return Error("db.readonly", fmt::format("{} cannot be written to: {}", name, cause.message))
            .hint("connect as a role that may write there (GRANT), or to the primary server");
    }
    if (state == "53100") {
        return Error("db.full", fmt::format("no space is left to write {}", name))
            .hint("free some space on the server's disk; nothing was half-written");
    }
    if (state == "22021" || state == "22P05") {
        return Error("db.text", fmt::format("{} cannot keep such text: {}", name, cause.message))
            .hint("use a database whose encoding is UTF8, or give it as db.blob(…)");
    }
    if (state.starts_with("XX")) {
        return Error("db.corrupt", fmt::format("{} is damaged: {}", name, cause.message))
            .hint("ask whoever runs the server");
    }
    if (state.starts_with("54")) {
        return Error("db.too_large", fmt::format("a value is too large for {}: {}", name, cause.message))
            .hint("keep it in a file of its own");
    }
    if (state == "25P02") {
        return Error("db.rolled_back", fmt::format("the transaction on {} ended with an earlier error", name))
            .hint("begin again");
    }
    if (state.starts_with("08") || state.starts_with("57P")) return lost_error(name, cause.message);
    if (state.starts_with("42") || state.starts_with("22") || state.starts_with("0A") || state.starts_with("21") ||
        state.starts_with("25") || state.starts_with("3F")) {
        return wrong_sql(cause);
    }
    return Error("db.io", fmt::format("{}: {}", name, cause.message)).hint("look into the server's log");
}

}  // namespace

bool failed(const PGresult* result) {
    if (result == nullptr) return false;
    const auto status = PQresultStatus(result);
    return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_PIPELINE_ABORTED;
}

Error result_error(const PGresult* result, const std::string& name, std::string_view sql, bool stopped) {
    Cause cause{field(result, PG_DIAG_SQLSTATE), field(result, PG_DIAG_MESSAGE_PRIMARY),
                field(result, PG_DIAG_MESSAGE_DETAIL), byte_offset(sql, field(result, PG_DIAG_STATEMENT_POSITION))};
    return explain(cause, name, stopped)
        .native(fmt::format("PostgreSQL: {} (SQLSTATE {}){}", cause.message, cause.state,
                            cause.detail.empty() ? "" : " " + cause.detail))
        .with("code", cause.state);
}

Error connection_error(const PGconn* connection, const std::string& name) {
    const auto native = first_line(PQerrorMessage(connection));
    auto error = Error("db.open", fmt::format("cannot open the database {}", name)).native(native);
    if (PQconnectionNeedsPassword(connection) != 0) {
        return std::move(error).hint(
            "it asks for a password: put it into ~/.pgpass, or into PGPASSWORD in the environment");
    }
    if (PQconnectionUsedPassword(connection) != 0) {
        return std::move(error).hint(
            fmt::format("check the user's name and the password, and that the database exists ({})", native));
    }
    return std::move(error).hint(fmt::format("check that the server runs there and lets you in ({})", native));
}

Error no_answer_error(const std::string& name, std::chrono::milliseconds timeout) {
    return Error("db.open",
                 fmt::format("cannot open the database {}: no answer within {} s", name, timeout.count() / 1000.0))
        .hint("check that the server runs there, and the network between");
}

Error lost_error(const std::string& name, std::string native) {
    return Error("db.connection", fmt::format("the connection to {} was lost", name))
        .hint("it is opened again by the next statement; check the server if it goes on")
        .native(first_line(native));
}

}  // namespace uhost::store::postgres
