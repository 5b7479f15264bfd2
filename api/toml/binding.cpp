// `toml`: documents as tables.
#include <fmt/format.h>

#include <sstream>

#include "api/toml/document.hpp"
#include "host/bind/module.hpp"
#include "host/core/error.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;

constexpr std::int64_t default_max_bytes = 16 << 20;
constexpr std::int64_t max_exact_integer = std::int64_t{1} << 53;
constexpr int max_depth = 200;  // what fits on Lua's stack, by far

void push_value(Call& call, const toml::node& node, int depth);

void push_table(Call& call, const toml::table& table, int depth) {
    call.new_table(0, table.size());
    for (const auto& [key, value] : table) {
        call.push(key.str());
        push_value(call, value, depth + 1);
        lua_rawset(call.state(), -3);
    }
}

void push_list(Call& call, const toml::array& list, int depth) {
    call.new_table(list.size());
    int position = 0;
    for (const auto& value : list) {
        push_value(call, value, depth + 1);
        call.seti(++position);
    }
}

void push_integer(Call& call, std::int64_t value) {
    if (value > max_exact_integer || value < -max_exact_integer) {
        throw Error("toml.integer", "an integer is too large for a Lua number, which is exact up to 2^53");
    }
    call.push(value);
}

// Dates and times, as RFC 3339 writes them.
template <typename T>
void push_text_of(Call& call, const toml::value<T>& value) {
    std::ostringstream text;
    text << value.get();
    call.push(text.str());
}

void push_value(Call& call, const toml::node& node, int depth) {
    if (depth > max_depth) {
        throw Error("toml.depth", fmt::format("the document nests values deeper than {} levels", max_depth));
    }
    luaL_checkstack(call.state(), 8, "a TOML document");
    node.visit([&call, depth](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (toml::is_table<Value>) {
            push_table(call, value, depth);
        } else if constexpr (toml::is_array<Value>) {
            push_list(call, value, depth);
        } else if constexpr (toml::is_integer<Value>) {
            push_integer(call, value.get());
        } else if constexpr (toml::is_string<Value> || toml::is_floating_point<Value> || toml::is_boolean<Value>) {
            call.push(value.get());
        } else {
            push_text_of(call, value);
        }
    });
}

int decode(Call& call) {
    const auto text = call.text(1, "text");
    const auto fields = call.fields(2, "options", {"max_bytes"});
    const auto max_bytes = fields.integer_or("max_bytes", default_max_bytes);
    if (max_bytes < 1) fields.bad_field("max_bytes", "a whole number of at least 1");
    push_table(call, toml_text::parse(text, static_cast<std::size_t>(max_bytes)), 1);
    return 1;
}

constexpr Function functions[]{{"decode", decode}};

}  // namespace

extern "C" int luaopen_uhost_toml(lua_State* L) { return bind::module(L, "toml", functions); }
