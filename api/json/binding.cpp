// `json`: JSON text to Lua values and back.
#include "api/json/binding.hpp"

#include "host/bind/module.hpp"

namespace uhost::json {
namespace {

const UsageErrors usage_errors("json");

const char array_metatable = 0;  // its address names the metatable in the registry

}  // namespace

void push_array_metatable(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&array_metatable));
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (!lua_isnil(L, -1)) return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "json.array");
    lua_setfield(L, -2, "__metatable");
    lua_pushlightuserdata(L, const_cast<char*>(&array_metatable));
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

bool is_array(lua_State* L, int index) {
    if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return false;
    push_array_metatable(L);
    const bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

void decode(lua_State* L, std::string_view text, const DecodeOptions& options) {
    // simdjson's buffers are many times the size of the text.
    constexpr std::size_t max_quick_bytes = 128 << 20;
    if (text.size() <= max_quick_bytes && decode_quickly(L, text, options)) return;
    decode_exactly(L, text, options);
}

}  // namespace uhost::json

namespace {

using namespace uhost;
using bind::Call;
using bind::Fields;
using bind::Function;

int depth_in(const Fields& options) {
    const auto depth = options.integer_or("depth", 128);
    if (depth < 1 || depth > json::max_depth)
        options.bad_field("depth", fmt::format("a whole number from 1 to {}", json::max_depth));
    return static_cast<int>(depth);
}

// Whether the option has the second of the two words that it may have.
bool second_of(const Fields& options, const char* key, std::string_view first, std::string_view second) {
    const auto word = options.text_or(key, first);
    if (word != first && word != second) options.bad_field(key, fmt::format("\"{}\" or \"{}\"", first, second));
    return word == second;
}

int decode(Call& call) {
    auto text = call.text(1, "text");
    const auto options = call.fields(2, "options", {"depth", "big_integers", "omit_null"});
    if (constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF"; text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    const json::DecodeOptions how{.depth = depth_in(options),
                                  .big_as_text = second_of(options, "big_integers", "number", "string"),
                                  .omit_null = options.flag("omit_null", false)};
    json::decode(call.state(), text, how);
    return 1;
}

int encode(Call& call) {
    if (call.absent(1)) call.bad_argument(1, "value", "a value (json.null stands for null)");
    const auto options = call.fields(2, "options", {"indent", "depth", "invalid_utf8"});
    const auto indent = options.integer_or("indent", 0);
    if (indent < 0 || indent > 16) options.bad_field("indent", "a whole number from 0 to 16");
    return call.give(json::encode(call.state(), 1,
                                  {.indent = static_cast<int>(indent),
                                   .depth = depth_in(options),
                                   .replace_invalid = second_of(options, "invalid_utf8", "error", "replace")}));
}

int array(Call& call) {
    lua_State* L = call.state();
    if (call.absent(1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    } else {
        call.table(1, "list");
        lua_settop(L, 1);
    }
    if (lua_getmetatable(L, 1) != 0 && !json::is_array(L, 1))
        call.bad_argument(1, "list", "a table without a metatable of its own");
    json::push_array_metatable(L);
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

int is_array(Call& call) { return call.give(json::is_array(call.state(), 1)); }

constexpr Function functions[]{{"decode", decode}, {"encode", encode}, {"array", array}, {"is_array", is_array}};

}  // namespace

extern "C" int luaopen_uhost_json(lua_State* L) {
    bind::module(L, "json", functions);
    json::push_null(L);
    lua_setfield(L, -2, "null");
    return 1;
}
