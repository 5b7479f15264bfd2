#include "host/store/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "host/core/suggest.hpp"
#include "host/modules/modules.hpp"
#include "host/store/sqlite.hpp"

namespace uhost::store {
namespace {

constexpr std::size_t max_idle_statements = 64;

std::string_view without_trailing_blanks(std::string_view text) {
    return text.substr(0, text.find_last_not_of(" \t\r\n;") + 1);
}

}  // namespace

const Engine& engine_for(std::string_view address) {
    const auto scheme = address.substr(0, address.find("://"));
    if (scheme.size() == address.size()) return sqlite_engine();
    if (scheme == "postgres" || scheme == "postgresql") {
        using Open = const Engine* (*)();
        static const auto open =
            reinterpret_cast<Open>(load_native(Locations::find(), "postgres", "uhost_open_postgres_engine"));
        return *open();
    }
    const auto is_letter = [](unsigned char c) { return std::isalnum(c) != 0; };
    if (!scheme.empty() && std::ranges::all_of(scheme, is_letter)) {
        throw Error("db.unsupported",
                    fmt::format("databases at '{}://' addresses cannot be opened", scheme.substr(0, 20)))
            .hint("SQLite files and PostgreSQL can: db.open(\"history.sqlite\"), db.open(\"postgres://user@host/name\")");
    }
    return sqlite_engine();
}

std::size_t size_in_memory(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return sizeof value + text->size();
    if (const auto* blob = std::get_if<Blob>(&value)) return sizeof value + blob->bytes.size();
    return sizeof value;
}

Statement::Statement(Database& database, std::unique_ptr<EngineStatement> engine)
    : database_(&database), engine_(std::move(engine)) {}

Statement::~Statement() {
    if (engine_) database_->take_back(std::move(engine_));
}

Statement& Statement::bind(int parameter, const Value& value) {
    if (parameter < 1 || parameter > parameter_count()) {
        throw Error("db.parameters", fmt::format("the SQL has {} parameters, but a value is given for number {}",
                                                 parameter_count(), parameter))
            .hint("count the question marks: one value each");
    }
    engine_->bind(parameter, value);
    return *this;
}

Statement& Statement::bind(const Parameters& parameters) {
    engine_->clear_bindings();
    for (std::size_t i = 0; i < parameters.positional.size(); ++i) {
        const auto parameter = static_cast<int>(i + 1);
        const auto name = parameter <= parameter_count() ? engine_->parameter_name(parameter) : std::string_view();
        if (!name.empty()) {
            throw Error("db.parameters", fmt::format("parameter {} of the SQL is called '{}', but is given by position",
                                                     parameter, name))
                .hint(fmt::format("give it by name: {{ {} = … }}", name));
        }
        bind(parameter, parameters.positional[i]);
    }
    if (!parameters.named.empty()) bind_named(parameters);
    return *this;
}

void Statement::bind_named(const Parameters& parameters) {
    std::vector<std::string_view> names;
    for (int i = 1; i <= parameter_count(); ++i) names.push_back(engine_->parameter_name(i));
    for (const auto& [name, value] : parameters.named) {
        // One name may stand behind several signs: `:a` and `@a` are two parameters to SQLite.
        const auto first = std::ranges::find(names, name);
        if (first == names.end() || name.empty()) {
            throw Error("db.parameters", fmt::format("the SQL has no parameter called '{}'", name.substr(0, 100)))
                .hint(did_you_mean(name, names));
        }
        for (auto found = first; found != names.end(); ++found) {
            if (*found == name) bind(static_cast<int>(found - names.begin()) + 1, value);
        }
    }
}

void Statement::run() {
    while (step()) continue;
    reset();
}

Database::Database(const std::filesystem::path& file, const OpenOptions& options)
    : connection_(engine_for(file.string()).open(file.string(), options)) {}

Statement Database::prepare(std::string_view sql) {
    sql = without_trailing_blanks(sql);
    const auto cached = std::ranges::find_if(idle_, [sql](const auto& statement) { return statement->sql() == sql; });
    if (cached == idle_.end()) return Statement(*this, connection_->prepare(sql));
    auto statement = std::move(*cached);
    idle_.erase(cached);
    return Statement(*this, std::move(statement));
}

void Database::take_back(std::unique_ptr<EngineStatement> statement) noexcept {
    statement->reset();
    statement->clear_bindings();
    idle_.push_front(std::move(statement));
    if (idle_.size() > max_idle_statements) idle_.pop_back();
}

void check_in_transaction(const Database& database) {
    if (database.in_transaction()) return;
    throw Error("db.rolled_back",
                fmt::format("the transaction on {} was rolled back after an earlier error", database.name()))
        .hint("let that error end the transaction, then begin again");
}

Transaction::Transaction(Database& database) : database_(database), nested_(database.in_transaction()) {
    database_.connection().control(nested_ ? TransactionControl::savepoint : TransactionControl::begin);
    open_ = true;
}

Transaction::~Transaction() {
    try {
        rollback();
    } catch (const Error&) {
        // Closing the connection, or the next one to open the database, rolls it back.
    }
}

void Transaction::commit() {
    check_in_transaction(database_);
    database_.connection().control(nested_ ? TransactionControl::release_savepoint : TransactionControl::commit);
    open_ = false;
}

void Transaction::rollback() {
    if (!open_) return;
    open_ = false;
    if (!database_.in_transaction()) return;
    database_.connection().control(nested_ ? TransactionControl::rollback_to_savepoint : TransactionControl::rollback);
}

}  // namespace uhost::store
