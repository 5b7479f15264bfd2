// `db`: databases for scripts. The waiting for locks, and what a transaction is made of, are in init.lua.
#include "api/db/binding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>

#include "host/bind/module.hpp"
#include "host/bind/process_identity.hpp"
#include "host/core/resolved_path.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/file_access.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/services.hpp"
#include "host/runtime/store_place.hpp"
#include "host/store/migrations.hpp"

namespace uhost::db {
namespace {

using bind::Function;
using bind::Waits;

// A thread of the pool waits for a lock only this long; then the task waits, so that the task that holds the lock finds
// a thread to go on.
constexpr std::chrono::milliseconds busy_timeout_in_job{50};
constexpr std::int64_t default_max_rows = 100'000;
constexpr std::size_t max_bytes = std::size_t{256} << 20;
constexpr std::size_t batch_rows = 500;
constexpr std::size_t batch_bytes = std::size_t{1} << 20;

std::string describe_connection(const void* object) { return static_cast<const Connection*>(object)->database->name(); }

int fetch(Call& call);
int take(Call& call);
int digest(Call& call);
int busy_timeout_s(Call& call);
int engine(Call& call);

// The methods are those of the Lua half, which waits for locks around the functions "Connection:…" below.
constexpr Function connection_fields[]{{"busy_timeout_s", busy_timeout_s}, {"engine", engine}};
const bind::Type<Connection> connection_type{{"db.Connection", {}, describe_connection, connection_fields}};

constexpr Function cursor_methods[]{{"fetch", fetch, Waits::yes}, {"take", take, Waits::yes}, {"digest", digest}};
const bind::Type<Cursor> cursor_type{{"db.Cursor", cursor_methods, nullptr}};

const bind::Type<Rows> rows_type{{"db.Rows", {}, nullptr}};

int busy_timeout_s(Call& call) { return call.give(connection_type.from(call).busy_timeout_s); }
int engine(Call& call) { return call.give(connection_type.from(call).database->connection().dialect().engine); }

struct Request {
    std::string sql;
    std::optional<store::Parameters> values;
    const store::Parameters* parameters() const { return values ? &*values : nullptr; }
};

Request request_of(const Call& call) { return {std::string(call.text(2, "sql")), parameters_at(call, 3)}; }

bool defines_tables(std::string_view sql) {
    std::string text(sql);
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text.find("CREATE ") != text.npos || text.find("DROP ") != text.npos || text.find("ALTER ") != text.npos;
}

// Under a dry run a database is a copy: the plan has what was written to it.
class Writing {
public:
    Writing(const Connection& connection, std::string sql)
        : planned_(connection.planned), sql_(planned_ ? std::move(sql) : std::string()) {}

    /// Runs `statement` on the pool, and keeps whether it wrote.
    template <class Statement>
    auto watch(store::Database& database, const Statement& statement) {
        const auto before = database.total_changes();
        auto result = statement();
        wrote_ = planned_ && (database.total_changes() != before || defines_tables(sql_));
        return result;
    }
    void record(Call& call, const Connection& connection) const {
        constexpr std::size_t max_shown = 200;
        if (!wrote_) return;
        call.host().plan().record({"db.write", connection.database->name(), sql_.substr(0, max_shown)});
    }

private:
    bool planned_, wrote_ = false;
    std::string sql_;
};

int execute_statement(Call& call) {
    const auto connection = connection_type.share(call);
    auto request = request_of(call);
    Writing writing(*connection, request.sql);
    return run_in_turn(call, connection, [=](store::Database& database) mutable {
        const auto executed =
            writing.watch(database, [&] { return execute(database, request.sql, request.parameters()); });
        return [=](Call& results) {
            writing.record(results, *connection);
            results.push(executed.changes).push(executed.last_insert_id);
            return 2;
        };
    });
}

int query(Call& call) {
    const auto connection = connection_type.share(call);
    const auto max_rows = connection->max_rows;
    auto request = request_of(call);
    Writing writing(*connection, request.sql);
    return run_in_turn(call, connection, [=](store::Database& database) mutable {
        auto rows = writing.watch(database, [&] {
            auto statement = prepare(database, request.sql, request.parameters());
            return std::make_shared<Rows>(all_rows(statement, max_rows, max_bytes));
        });
        return [=](Call& results) {
            writing.record(results, *connection);
            push_rows(results, *rows);
            return 1;
        };
    });
}

int one(Call& call) {
    const auto connection = connection_type.share(call);
    auto request = request_of(call);
    Writing writing(*connection, request.sql);
    return run_in_turn(call, connection, [=](store::Database& database) mutable {
        auto rows = writing.watch(database, [&] {
            auto statement = prepare(database, request.sql, request.parameters());
            return std::make_shared<Rows>(take_rows(statement, 1, max_bytes));
        });
        return [=](Call& results) {
            writing.record(results, *connection);
            push_first_row(results, *rows);
            return 1;
        };
    });
}

int cursor(Call& call) {
    auto opened = std::make_shared<Cursor>(connection_type.share(call));
    auto request = request_of(call);
    opened->sql = std::move(request.sql);
    opened->parameters = std::move(request.values);
    return cursor_type.give(call, std::move(opened));
}

// The next rows of a cursor, on the pool.
std::shared_ptr<Rows> next_rows(Cursor& reading, store::Database& database) {
    if (!reading.statement) {
        reading.statement.emplace(
            prepare(database, reading.sql, reading.parameters ? &*reading.parameters : nullptr));
    }
    return std::make_shared<Rows>(take_rows(*reading.statement, batch_rows, batch_bytes));
}

// fetch(): the next rows, and whether there are no more.
int fetch(Call& call) {
    const auto reading = cursor_type.share(call);
    Writing writing(*reading->connection, reading->sql);
    return run_in_turn(call, reading->connection, [=](store::Database& database) mutable {
        auto rows = writing.watch(database, [&] { return next_rows(*reading, database); });
        return [=](Call& results) {
            writing.record(results, *reading->connection);
            push_rows(results, *rows);
            results.push(rows->complete);
            return 2;
        };
    });
}

// take(): the next rows as they are, for insert_rows, and whether there are no more.
int take(Call& call) {
    const auto reading = cursor_type.share(call);
    return run_in_turn(call, reading->connection, [=](store::Database& database) {
        auto rows = next_rows(*reading, database);
        reading->digest.add(*rows);
        return [=](Call& results) {
            const bool complete = rows->complete;
            rows_type.give(results, rows);
            results.push(complete);
            return 2;
        };
    });
}

// digest(): how many rows were taken, and their digest.
int digest(Call& call) {
    const auto reading = cursor_type.share(call);
    call.push(reading->digest.rows()).push(reading->digest.text());
    return 2;
}

// insert_rows(insertion, rows)
int insert_taken(Call& call) {
    const auto connection = connection_type.share(call);
    return run_in_turn(call, connection, [insertion = std::string(call.text(2, "insertion")),
                                          rows = rows_type.share(call, 3)](store::Database& database) {
        insert_rows(database, insertion, *rows);
        return [](Call& results) { return results.none(); };
    });
}

int hold_turn(Call& call) { return hold(call, connection_type.share(call)); }

std::vector<std::string> steps_at(Call& call, int index) {
    call.table(index, "steps");
    lua_State* L = call.state();
    std::vector<std::string> steps;
    for (std::size_t i = 1; i <= lua_objlen(L, index); ++i) {
        lua_rawgeti(L, index, static_cast<int>(i));
        if (lua_type(L, -1) != LUA_TSTRING) call.bad_argument(index, "steps", "a list of SQL strings");
        steps.emplace_back(lua_tostring(L, -1), lua_objlen(L, -1));
        lua_pop(L, 1);
    }
    return steps;
}

int migrate_tables(Call& call) {
    const auto connection = connection_type.share(call);
    const std::string name(call.text(2, "name"));
    return run_in_turn(call, connection, [connection, name, steps = steps_at(call, 3)](store::Database& database) {
        const std::vector<std::string_view> views(steps.begin(), steps.end());
        const auto applied = store::migrate(database, name, views);
        return [=](Call& results) {
            if (connection->planned && applied > 0) {
                results.host().plan().record({"db.write", connection->database->name(), "migrate the tables of " + name});
            }
            return results.give(applied);
        };
    });
}

// A store of the host. A primitive that keeps something of its own takes a store of its own: a script's transaction on
// the default store would keep it waiting.
std::string store_name(const bind::Fields& fields) {
    constexpr std::string_view name_bytes = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    constexpr std::size_t max_name_bytes = 64;
    const auto name = fields.text("store").value_or("uhost");
    const bool plain =
        !name.empty() && name.size() <= max_name_bytes && name.find_first_not_of(name_bytes) == name.npos;
    if (!plain) fields.bad_field("store", "a name of small letters, digits, '_' and '-'");
    return std::string(name);
}

StorePlace place_at(const Call& call, const bind::Fields& fields) {
    if (call.absent(1)) return store_place(call.host(), store_name(fields));
    const auto path = call.text(1, "path");
    if (path.empty() || path.find('\0') != path.npos) {
        throw Error("argument", "bad argument #1 'path' to 'db.open': expected the path of a file, or an address")
            .hint("db.open() opens the store of the state folder, db.open(\":memory:\") a database in memory");
    }
    const bool is_named = fields.text("store").has_value();
    if (is_server_address(path)) {
        return {std::string(path), is_named ? store_name(fields) : "", store_password(call.host())};
    }
    if (is_named) fields.bad_field("store", "nothing beside a path");
    return {std::string(path), "", ""};
}

// A server may be everywhere, and what its SQL reaches there is for its own permissions to say.
void require_server(Host& host) {
    if (host.permissions().allows_all(Access::net)) return;
    throw Error("permission.denied", "a script with limited permissions opens no database on a server")
        .hint("allow it the network: --allow-net");
}

// SQL can name other files (ATTACH, VACUUM INTO), which nobody would ask for.
void limit_to_permissions(Host& host, const std::string& address, store::OpenOptions& options) {
    if (!host.permissions().limited()) return;
    options.isolated = true;
    if (address == ":memory:") return;
    if (is_server_address(address)) return require_server(host);
    if (address.starts_with("file:")) {
        throw Error("permission.denied", "a script with limited permissions opens databases by their paths")
            .hint("leave out \"file:\"");
    }
    files::require_reading(host, address);
    if (!options.read_only) static_cast<void>(files::mutation(host, "db.open", address, ""));
}

// open(path, options, busy_timeout_s); without a path, the store of the state folder.
int open(Call& call) {
    const auto fields = call.fields(2, "options", {"read_only", "max_rows", "busy_timeout_s", "store"});
    store::OpenOptions options;
    options.busy_timeout = busy_timeout_in_job;
    options.read_only = fields.flag("read_only", false);
    options.private_file = call.absent(1);
    const auto max_rows = fields.integer_or("max_rows", default_max_rows);
    if (max_rows < 1) fields.bad_field("max_rows", "a whole number of at least 1");
    const auto busy_timeout_s = call.number(3, "busy_timeout_s");
    const auto place = place_at(call, fields);
    const auto& address = place.address;
    options.schema = place.schema;
    options.password = place.password;
    options.loopback_only = call.host().offline();
    limit_to_permissions(call.host(), address, options);
    const auto& engine = store::engine_for(address);
    // Statements are no mutations of their own: what a script reads depends on what it wrote before, so a dry run needs
    // a database that has it. It is the engine's, and stands here, where every connection is made: no statement can
    // bypass it. The plan decides, as for Call::mutate.
    store::DryRun* dry_run = nullptr;
    if (call.host().plan().dry_run()) {
        dry_run = &call.host().services().get<store::DryRun>(fmt::format("db.dry_run.{}", engine.name()),
                                                             [&engine] { return engine.begin_dry_run(); });
    }
    const bool planned = dry_run != nullptr && address != ":memory:" &&
                         (is_server_address(address) || !files::is_scratch(call.host(), resolved_path(address)));
    const auto job = [address, options, max_rows, busy_timeout_s, dry_run, planned, &engine](std::stop_token) -> bind::Finish {
        auto opened = dry_run != nullptr ? dry_run->open(address, options) : engine.open(address, options);
        auto connection = std::make_shared<Connection>(std::make_unique<store::Database>(std::move(opened)),
                                                       static_cast<std::size_t>(max_rows), busy_timeout_s);
        connection->planned = planned;
        return [connection](Call& results) { return connection_type.give(results, connection); };
    };
    return call.work(job, bind::OnCancel::wait_for_end);
}

// Where the named stores are on a server, its address.
int address(Call& call) {
    const auto place = store_place(call.host(), "uhost");
    return is_server_address(place.address) ? call.give(place.address) : call.none();
}

int monotonic_s(Call& call) {
    return call.give(std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

constexpr Function functions[]{
    {"open", open, Waits::yes},
    {"blob", push_blob},
    {"address", address},
    {"monotonic_s", monotonic_s},
    {"this_process", bind::this_process},
    {"is_gone", bind::is_gone},
    {"Connection:execute", execute_statement, Waits::yes},
    {"Connection:query", query, Waits::yes},
    {"Connection:one", one, Waits::yes},
    {"Connection:each", cursor},
    {"Connection:insert_rows", insert_taken, Waits::yes},
    {"Connection:migrate", migrate_tables, Waits::yes},
    {"Connection:transaction", hold_turn, Waits::yes},
};

}  // namespace
}  // namespace uhost::db

extern "C" int luaopen_uhost_db(lua_State* L) {
    return uhost::bind::module(L, "db", uhost::db::functions, {&uhost::db::connection_type});
}
