#include "host/store/postgres/pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "host/store/postgres/translator.hpp"

namespace uhost::store::postgres {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t max_sessions = 10;
constexpr auto longest_idle = 60s;
constexpr auto connect_timeout = 10s;
constexpr auto time_to_come_back = 10s;
constexpr auto pause_between_tries = 200ms;

// One row a column: its table, whether it is never NULL, whether it numbers itself, by which sequence, and the numbers
// of the unique indexes that it belongs to. Primary keys come first.
constexpr auto catalog_query =
    "SELECT c.relname, a.attname, a.attnotnull, a.attidentity <> '',"
    " CASE WHEN a.attidentity <> '' THEN pg_get_serial_sequence(quote_ident(n.nspname) || '.' || "
    "quote_ident(c.relname), a.attname) END,"
    " (SELECT string_agg(i.indexrelid::text, ' ' ORDER BY NOT i.indisprimary, i.indexrelid) FROM pg_index i"
    "  WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AND a.attnum = ANY "
    "(i.indkey))"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
    " ORDER BY c.relname, a.attnum";

std::string text(const Result& result, int row, int column) { return PQgetvalue(result.get(), row, column); }
bool truth(const Result& result, int row, int column) { return *PQgetvalue(result.get(), row, column) == 't'; }

Catalog read_catalog(Link& link) {
    Catalog catalog;
    const auto rows = link.run({{catalog_query}});
    std::map<std::string, std::vector<std::string>>
        indexes;  // of the table that is read, in the order of their columns
    std::vector<std::string> order;
    for (int row = 0; row < PQntuples(rows.get()); ++row) {
        auto& table = catalog.tables[text(rows, row, 0)];
        const auto column = text(rows, row, 1);
        table.columns.push_back({column, truth(rows, row, 2), truth(rows, row, 3)});
        if (truth(rows, row, 3)) table.sequence = text(rows, row, 4);
        const auto numbers = text(rows, row, 5);
        for (std::size_t begin = 0; begin < numbers.size();) {
            const auto end = std::min(numbers.find(' ', begin), numbers.size());
            const auto number = numbers.substr(begin, end - begin);
            if (!indexes.contains(number)) order.push_back(number);
            indexes[number].push_back(column);
            begin = end + 1;
        }
        const bool last = row + 1 == PQntuples(rows.get()) || text(rows, row + 1, 0) != text(rows, row, 0);
        if (!last) continue;
        for (const auto& number : order) table.unique.push_back(indexes[number]);
        indexes.clear();
        order.clear();
    }
    return catalog;
}

}  // namespace

Sent text_parameter(std::string text) { return {25, false, false, std::move(text)}; }

std::unique_ptr<Session> Pool::take_idle(const std::string& schema) {
    const auto found = std::ranges::find_if(idle_, [&](const auto& session) { return session->schema == schema; });
    if (found == idle_.end()) return nullptr;
    auto session = std::move(*found);
    idle_.erase(found);
    return session;
}

std::unique_ptr<Session> Pool::take(const std::string& schema, std::chrono::milliseconds patience,
                                    const std::stop_token& stop) {
    const auto give_up_at = Clock::now() + patience;
    std::unique_lock lock(mutex_);
    for (;;) {
        while (auto session = take_idle(schema)) {
            if (session->link.alive()) return session;
            --open_;
        }
        if (open_ >= max_sessions && !idle_.empty()) {
            idle_.pop_back();
            --open_;
        }
        if (open_ < max_sessions) break;
        if (stop.stop_requested()) throw Error("db.interrupted", "the statement was interrupted");
        if (Clock::now() >= give_up_at) {
            throw Error("db.busy",
                        fmt::format("all {} connections of this process to {} are in use", max_sessions, server_.name))
                .hint("let transactions end before others begin")
                .with("retry", true);
        }
        given_back_.wait_for(lock, 10ms);
    }
    ++open_;
    lock.unlock();
    try {
        return open(schema, stop);
    } catch (...) {
        lock.lock();
        --open_;
        throw;
    }
}

std::unique_ptr<Session> Pool::open(const std::string& schema, const std::stop_token& stop) {
    const auto give_up_at = Clock::now() + time_to_come_back;
    for (;;) {
        try {
            auto session = std::make_unique<Session>(server_, connect_timeout, stop);
            session->schema = schema;
            auto path = schema.empty()
                            ? Command{"SELECT 1"}
                            : Command{"SELECT set_config('search_path', $1, false)", {text_parameter(quoted(schema))}};
            session->link.run({std::move(path),
                               {"SELECT set_config('client_encoding', 'UTF8', false), "
                                "set_config('standard_conforming_strings', 'on', false),"
                                " set_config('DateStyle', 'ISO', false), set_config('extra_float_digits', '1', false),"
                                " set_config('bytea_output', 'hex', false), set_config('client_min_messages', 'error', false)"}});
            was_reached_ = true;
            return session;
        } catch (const Error& error) {
            const bool may_come_back = (error.kind() == "db.open" || error.kind() == "db.connection") && was_reached_;
            if (!may_come_back || Clock::now() >= give_up_at || stop.stop_requested()) throw;
        }
        std::this_thread::sleep_for(pause_between_tries);
    }
}

void Pool::give_back(std::unique_ptr<Session> session) noexcept {
    const std::lock_guard lock(mutex_);
    if (session->link.lost() || session->link.in_batch()) {
        --open_;
    } else {
        session->link.set_stop({});
        session->idle_since = Clock::now();
        idle_.push_front(std::move(session));
    }
    close_idle(Clock::now() - longest_idle);
    given_back_.notify_one();
}

void Pool::close_idle(Clock::time_point used_before) {
    while (!idle_.empty() && idle_.back()->idle_since < used_before) {
        idle_.pop_back();
        --open_;
    }
}

std::shared_ptr<const Catalog> Pool::catalog(Session& session) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto known = catalogs_.find(session.schema); known != catalogs_.end()) return known->second;
    }
    auto read = std::make_shared<const Catalog>(read_catalog(session.link));
    const std::lock_guard lock(mutex_);
    return catalogs_[session.schema] = std::move(read);
}

void Pool::forget_catalog(const std::string& schema) {
    const std::lock_guard lock(mutex_);
    catalogs_.erase(schema);
}

}  // namespace uhost::store::postgres
