#include "host/store/statement.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "host/core/suggest.hpp"
#include "host/store/database.hpp"
#include "host/store/failure.hpp"

namespace uhost::store {
namespace {

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

// The name without its sign; "" for `?` and `?3`, which go by position.
std::string_view parameter_name(sqlite3_stmt* statement, int parameter) {
    const char* name = sqlite3_bind_parameter_name(statement, parameter);
    if (name == nullptr || *name == '?') return {};
    return name + 1;
}

}  // namespace

void FinalizeStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(Database& database, StatementHandle handle) : database_(&database), handle_(std::move(handle)) {}
Statement::Statement(Statement&&) noexcept = default;

Statement::~Statement() {
    if (handle_) database_->take_back(std::move(handle_));
}

std::string_view Statement::sql() const { return sqlite3_sql(handle_.get()); }

int Statement::parameter_count() const { return sqlite3_bind_parameter_count(handle_.get()); }

Statement& Statement::bind(int parameter, const Value& value) {
    if (parameter < 1 || parameter > parameter_count()) {
        throw Error("db.parameters", fmt::format("the SQL has {} parameters, but a value is given for number {}",
                                                 parameter_count(), parameter))
            .hint("count the question marks: one value each");
    }
    const int code = std::visit(Binder{handle_.get(), parameter}, value);
    if (code != SQLITE_OK) throw failure(database_->handle(), code, database_->name(), sql());
    return *this;
}

Statement& Statement::bind(const Parameters& parameters) {
    sqlite3_clear_bindings(handle_.get());
    for (std::size_t i = 0; i < parameters.positional.size(); ++i) {
        const auto parameter = static_cast<int>(i + 1);
        const auto name =
            parameter <= parameter_count() ? parameter_name(handle_.get(), parameter) : std::string_view();
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
    for (int i = 1; i <= parameter_count(); ++i) names.push_back(parameter_name(handle_.get(), i));
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

bool Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    auto error = failure(database_->handle(), code, database_->name(), sql());
    sqlite3_reset(handle_.get());
    throw error;
}

void Statement::run() {
    while (step()) continue;
    reset();
}

void Statement::reset() { sqlite3_reset(handle_.get()); }

int Statement::column_count() const { return sqlite3_column_count(handle_.get()); }
std::string_view Statement::column_name(int column) const { return sqlite3_column_name(handle_.get(), column); }

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
double Statement::number(int column) const { return sqlite3_column_double(handle_.get(), column); }

std::string_view Statement::text(int column) const {
    auto* statement = handle_.get();
    // Asked for as text, what a UTF-16 database holds comes as UTF-8.
    const bool is_blob = sqlite3_column_type(statement, column) == SQLITE_BLOB;
    const void* bytes = is_blob ? sqlite3_column_blob(statement, column) : sqlite3_column_text(statement, column);
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

Value Statement::value(int column) const {
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

}  // namespace uhost::store
