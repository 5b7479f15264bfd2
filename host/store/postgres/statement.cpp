#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "host/core/excerpt.hpp"
#include "host/core/utf8.hpp"
#include "host/store/postgres/connection.hpp"

namespace uhost::store::postgres {
namespace {

enum Type : Oid {
    boolean = 16,
    bytes = 17,
    bigint = 20,
    smallint = 21,
    integer_ = 23,
    text_ = 25,
    oid = 26,
    real = 700,
    double_ = 701,
    numeric = 1700
};

constexpr std::size_t max_excerpt_bytes = 60;
constexpr std::size_t max_sql_detail_bytes = 1000;

std::string text_of(double value) {
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    return fmt::format("{}", value);
}

double double_of(std::string_view text) {
    if (text.ends_with("Infinity")) return text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

// "\x0aff", as the server writes bytes.
std::string bytes_of(std::string_view hexadecimal) {
    std::string result;
    result.reserve(hexadecimal.size() / 2);
    for (std::size_t i = 2; i + 1 < hexadecimal.size(); i += 2) {
        result += static_cast<char>(digit(hexadecimal[i]) << 4 | digit(hexadecimal[i + 1]));
    }
    return result;
}

std::optional<std::int64_t> integer_of(std::string_view text) {
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, failed] = std::from_chars(text.data(), end, value);
    if (failed != std::errc() || rest != end) return std::nullopt;
    return value;
}

}  // namespace

PostgresStatement::PostgresStatement(PostgresConnection& connection, std::string_view sql)
    : connection_(connection), sql_(sql) {
    const auto statements = split_statements(sql_);
    if (statements.empty()) throw Error("db.sql", "there is no statement in the SQL");
    if (statements.size() > 1) {
        throw Error("db.sql", "there is more than one statement in the SQL").hint("give them one by one");
    }
    // For its parameters. What depends on the tables is looked at when it is executed.
    static const auto nothing = std::make_shared<const Catalog>();
    translate(nothing);
    catalog_ = nullptr;
    values_.resize(translation_.parameters.size());
}

void PostgresStatement::translate(const std::shared_ptr<const Catalog>& catalog) {
    translation_ = postgres::translate(sql_, *catalog);
    catalog_ = catalog;
    types_.clear();
}

std::string_view PostgresStatement::parameter_name(int parameter) const {
    return translation_.parameters.at(static_cast<std::size_t>(parameter) - 1);
}

void PostgresStatement::bind(int parameter, const Value& value) {
    values_.at(static_cast<std::size_t>(parameter) - 1) = value;
}

void PostgresStatement::clear_bindings() noexcept { std::ranges::fill(values_, Value(Null{})); }

Sent PostgresStatement::sent(const Value& value) const {
    const bool typed = typing_ == Typing::by_value;
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return {typed ? bigint : Oid{0}, false, false, std::to_string(*number)};
    if (const auto* number = std::get_if<double>(&value)) {
        // The server would round it for a column of integers, if it knew what it is.
        const bool told = translation_.kind == StatementKind::write ? typing_ == Typing::null_is_text : typed;
        return {told ? double_ : Oid{0}, false, false, text_of(*number)};
    }
    if (const auto* text = std::get_if<std::string>(&value))
        return {typed ? text_ : Oid{0}, false, false, encode_text(*text)};
    if (const auto* blob = std::get_if<Blob>(&value)) return {bytes, false, true, blob->bytes};
    return {typing_ == Typing::null_is_text ? text_ : Oid{0}, true};
}

Command PostgresStatement::command() const {
    Command command{translation_.sql};
    for (std::size_t i = 0; i < values_.size(); ++i) {
        auto parameter = translation_.used[i] ? sent(values_[i]) : Sent{text_};
        if (i < translation_.patterns.size() && translation_.patterns[i])
            parameter.bytes = regular_expression(parameter.bytes);
        command.parameters.push_back(std::move(parameter));
    }
    for (const int number : translation_.null_tests) {
        const bool null = std::holds_alternative<Null>(values_[static_cast<std::size_t>(number) - 1]);
        command.parameters.push_back({text_, null, false, {}});
    }
    command.once = translation_.kind == StatementKind::definition || translation_.kind == StatementKind::utility;
    command.row_by_row = translation_.kind == StatementKind::read;
    return command;
}

bool PostgresStatement::advance() {
    for (;;) {
        if (current_ && row_ + 1 < PQntuples(current_.get())) {
            ++row_;
            return true;
        }
        if (!waiting_.empty()) {
            const bool shape_only = PQntuples(waiting_.front().get()) == 0 && current_;
            if (!shape_only) {
                current_ = std::move(waiting_.front());
                row_ = -1;
            }
            waiting_.pop_front();
            if (waiting_.empty()) waiting_bytes_ = 0;
        } else if (connection_.active_ == this) {
            connection_.fetch(*this);
        } else {
            return false;
        }
    }
}

bool PostgresStatement::step() {
    const std::lock_guard lock(connection_.mutex_);
    try {
        if (!started_) connection_.start(*this);
        if (advance()) return true;
    } catch (...) {
        reset();
        throw;
    }
    row_ = PQntuples(current_.get());
    return false;
}

void PostgresStatement::reset() noexcept {
    const std::lock_guard lock(connection_.mutex_);
    if (connection_.active_ == this) connection_.discard_rest(*this);
    started_ = false;
    current_.reset();
    waiting_.clear();
    waiting_bytes_ = 0;
    row_ = -1;
}

const PGresult* PostgresStatement::executed() const {
    auto& self = const_cast<PostgresStatement&>(*this);
    const std::lock_guard lock(connection_.mutex_);
    if (!started_) connection_.start(self);
    return current_ ? current_.get() : waiting_.front().get();
}

int PostgresStatement::column_count() const { return translation_.returns_id ? 0 : PQnfields(executed()); }
std::string_view PostgresStatement::column_name(int column) const { return PQfname(executed(), column); }
bool PostgresStatement::is_null(int column) const { return PQgetisnull(current_.get(), row_, column) != 0; }

std::int64_t PostgresStatement::integer(int column) const {
    const auto read = value(column);
    if (const auto* whole = std::get_if<std::int64_t>(&read)) return *whole;
    if (const auto* fraction = std::get_if<double>(&read)) return static_cast<std::int64_t>(*fraction);
    if (const auto* digits = std::get_if<std::string>(&read)) return integer_of(*digits).value_or(0);
    return 0;
}

double PostgresStatement::number(int column) const {
    const auto read = value(column);
    if (const auto* whole = std::get_if<std::int64_t>(&read)) return static_cast<double>(*whole);
    if (const auto* fraction = std::get_if<double>(&read)) return *fraction;
    if (const auto* digits = std::get_if<std::string>(&read)) return double_of(*digits);
    return 0;
}

std::string_view PostgresStatement::text(int column) const {
    const auto read = value(column);
    if (const auto* blob = std::get_if<Blob>(&read)) {
        lent_ = blob->bytes;
    } else if (const auto* same = std::get_if<std::string>(&read)) {
        lent_ = *same;
    } else {
        lent_ = is_null(column) ? "" : PQgetvalue(current_.get(), row_, column);
    }
    return lent_;
}

Value PostgresStatement::value(int column) const {
    if (is_null(column)) return Null{};
    const std::string_view text(PQgetvalue(current_.get(), row_, column),
                                static_cast<std::size_t>(PQgetlength(current_.get(), row_, column)));
    switch (PQftype(current_.get(), column)) {
        case boolean:
            return std::int64_t{text == "t"};
        case bytes:
            return Blob{bytes_of(text)};
        case bigint:
        case smallint:
        case integer_:
        case oid:
            return integer_of(text).value_or(0);
        case real:
        case double_:
            return double_of(text);
        case numeric:
            // What sum() makes of integers.
            if (const auto whole = integer_of(text)) return *whole;
            return double_of(text);
        default:
            return decode_text(text);
    }
}

// The server's place in its text, as a place in the text that was given.
Error PostgresStatement::placed(const Error& error) const {
    std::optional<std::size_t> offset;
    Error::Details details;
    for (const auto& [name, value] : error.details()) {
        if (name == "offset") {
            offset = translation_.origin(static_cast<std::size_t>(std::get<std::int64_t>(value)));
        } else {
            details.emplace_back(name, value);
        }
    }
    if (error.kind() == "db.sql") details.emplace_back("sql", std::string(utf8::truncate(sql_, max_sql_detail_bytes)));
    auto message = error.message();
    if (offset) {
        const auto [line, column, line_rest] = place_in(sql_, *offset);
        const auto rest = utf8::truncate(line_rest, max_excerpt_bytes);
        message += fmt::format(", at line {} column {} of the SQL: {}", line, column, rest);
        details.emplace_back("line", line);
        details.emplace_back("column", column);
    }
    auto moved = Error(error.kind(), message).hint(error.hint()).native(error.native());
    for (auto& [name, value] : details) std::move(moved).with(std::move(name), std::move(value));
    return moved;
}

}  // namespace uhost::store::postgres
