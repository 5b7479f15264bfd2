// Values and rows, from Lua and to it.
#include <fmt/format.h>

#include <cmath>

#include "api/db/binding.hpp"

namespace uhost::db {
namespace {

using store::Blob;
using store::Value;

constexpr std::int64_t exact_integers = std::int64_t{1} << 53;  // beyond it, Lua's numbers skip integers
constexpr double integers_end = 9223372036854775808.0;
constexpr int max_parameters = 32766;

const bind::Type<Blob> blob_type{{"db.Blob", {}, nullptr}};

Error not_exact(std::string what) {
    return Error("db.integer", std::move(what) + " is beyond 2^53, where Lua's numbers are not exact");
}

Value number_value(double number, const std::string& name) {
    if (std::isnan(number)) {
        throw Error("argument", fmt::format("the parameter {} is NaN, which SQL does not know", name))
            .hint("pass nil for NULL");
    }
    if (std::floor(number) != number || std::fabs(number) >= integers_end) return number;
    if (std::fabs(number) > static_cast<double>(exact_integers)) {
        throw not_exact(fmt::format("the parameter {}", name))
            .hint("pass it as a string: the column makes it an integer");
    }
    return static_cast<std::int64_t>(number);
}

Value value_at_top(const Call& call, const std::string& name) {
    lua_State* L = call.state();
    switch (lua_type(L, -1)) {
        case LUA_TBOOLEAN:
            return std::int64_t{lua_toboolean(L, -1)};
        case LUA_TNUMBER:
            return number_value(lua_tonumber(L, -1), name);
        case LUA_TSTRING:
            return std::string(lua_tostring(L, -1), lua_objlen(L, -1));
        case LUA_TLIGHTUSERDATA:
            if (lua_touserdata(L, -1) == nullptr) return store::Null{};  // json.null
            break;
        case LUA_TUSERDATA:
            if (bind::object_type_name(L, -1) == blob_type.name) return blob_type.from(call, lua_gettop(L));
            break;
        default:
            break;
    }
    throw Error("argument", fmt::format("the parameter {} is a {}", name, luaL_typename(L, -1)))
        .hint("parameters are strings, numbers, booleans, db.blob(…) or nil; encode others, with json.encode for one");
}

void add_parameter(const Call& call, store::Parameters& parameters) {
    lua_State* L = call.state();
    if (lua_type(L, -2) == LUA_TSTRING) {
        std::string name(lua_tostring(L, -2), lua_objlen(L, -2));
        auto value = value_at_top(call, fmt::format("'{}'", name.substr(0, 100)));
        parameters.named.emplace_back(std::move(name), std::move(value));
        return;
    }
    const double key = lua_type(L, -2) == LUA_TNUMBER ? lua_tonumber(L, -2) : 0;
    if (!(key >= 1 && key <= max_parameters) || std::floor(key) != key) {
        throw Error("argument",
                    fmt::format("parameters are keyed by name, or by position from 1 to {}", max_parameters));
    }
    const auto position = static_cast<std::size_t>(key);
    if (parameters.positional.size() < position) parameters.positional.resize(position);
    parameters.positional[position - 1] = value_at_top(call, fmt::format("{}", position));
}

struct Pusher {
    Call& call;
    const std::string& column;

    void operator()(store::Null) const { call.push(nullptr); }
    void operator()(std::int64_t value) const {
        if (value > exact_integers || value < -exact_integers) {
            throw not_exact(fmt::format("the integer in column '{}'", column))
                .hint(fmt::format("select it as text: CAST({0} AS TEXT) AS {0}", column));
        }
        call.push(value);
    }
    void operator()(double value) const { call.push(value); }
    void operator()(const std::string& text) const { call.push(text); }
    void operator()(const Blob& blob) const { call.push(blob.bytes); }
};

// The names lie on the stack from `names` on.
void push_row(Call& call, const Rows& rows, std::size_t row, int names) {
    lua_State* L = call.state();
    const auto width = rows.columns.size();
    lua_createtable(L, 0, static_cast<int>(width));
    for (std::size_t column = 0; column < width; ++column) {
        const auto& value = rows.values[row * width + column];
        if (std::holds_alternative<store::Null>(value)) continue;
        lua_pushvalue(L, names + static_cast<int>(column));
        std::visit(Pusher{call, rows.columns[column]}, value);
        lua_rawset(L, -3);
    }
}

int push_names(Call& call, const Rows& rows) {
    lua_State* L = call.state();
    if (!lua_checkstack(L, static_cast<int>(rows.columns.size()) + 8))
        throw Error("db.columns", "there are too many columns");
    const int first = lua_gettop(L) + 1;
    for (const auto& column : rows.columns) call.push(column);
    return first;
}

}  // namespace

std::optional<store::Parameters> parameters_at(const Call& call, int index) {
    if (call.absent(index)) return std::nullopt;
    call.table(index, "parameters");
    lua_State* L = call.state();
    store::Parameters parameters;
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        add_parameter(call, parameters);
        lua_pop(L, 1);
    }
    return parameters;
}

int push_blob(Call& call) { return blob_type.give(call, std::make_shared<Blob>(std::string(call.text(1, "bytes")))); }

void push_rows(Call& call, const Rows& rows) {
    const int names = push_names(call, rows);
    call.new_table(rows.count());
    for (std::size_t row = 0; row < rows.count(); ++row) {
        push_row(call, rows, row, names);
        call.seti(static_cast<int>(row + 1));
    }
}

void push_first_row(Call& call, const Rows& rows) {
    if (rows.count() == 0) {
        call.push(nullptr);
    } else {
        push_row(call, rows, 0, push_names(call, rows));
    }
}

}  // namespace uhost::db
