// What Lua halves check of their arguments: in `uhost`, so that messages are the same everywhere.
#include <fmt/format.h>

#include "host/bind/module.hpp"
#include "host/core/suggest.hpp"
#include "host/lua/errors.hpp"

namespace uhost::bind {
namespace {

std::vector<std::string> texts_at(Call& call, int index, const char* name) {
    call.table(index, name);
    lua_State* L = call.state();
    std::vector<std::string> texts;
    const auto count = static_cast<int>(lua_objlen(L, index));
    for (int i = 1; i <= count; ++i) {
        lua_rawgeti(L, index, i);
        if (lua_type(L, -1) != LUA_TSTRING) call.bad_item(index, name, static_cast<std::size_t>(i), "a string");
        texts.emplace_back(lua_tostring(L, -1), lua_objlen(L, -1));
        lua_pop(L, 1);
    }
    return texts;
}

std::string with_article(std::string_view type) {
    const bool vowel = std::string_view("aeiou").find(type.front()) != std::string_view::npos;
    return fmt::format("{} {}", vowel ? "an" : "a", type);
}

}  // namespace

int raise_error(Call& call) {
    const auto options = call.fields(3, "options", {"hint", "native", "details"});
    const auto error = Error(std::string(call.text(1, "kind")), std::string(call.text(2, "message")))
                           .hint(options.text_or("hint", ""))
                           .native(options.text_or("native", ""));
    if (!options.has("details")) throw Error(error);
    lua_State* L = call.state();
    lua::push_error(L, error);
    options.push("details");
    if (!lua_istable(L, -1)) options.bad_field("details", "a table");
    lua_setfield(L, -2, "details");
    throw lua::RaisedValue(std::make_shared<Reference>(L));
}

int check_argument(Call& call) {
    const auto type = call.text(4, "type");
    const auto got = value_type_name(call.state(), 1);
    if (got == type || luaL_typename(call.state(), 1) == type) {
        lua_settop(call.state(), 1);
        return 1;
    }
    const auto name = call.text(2, "name"), owner = call.text(3, "owner");
    throw Error("argument", fmt::format("bad argument '{}' to '{}': expected {}, got {}", name, owner, with_article(type), got))
        .with("argument", std::string(name))
        .with("expected", std::string(type));
}

int check_options(Call& call) {
    const auto owner = std::string(call.text(2, "owner"));
    const auto names = texts_at(call, 3, "known");
    lua_State* L = call.state();
    if (call.absent(1)) {
        call.new_table();
        return 1;
    }
    if (!lua_istable(L, 1)) {
        throw Error("argument", fmt::format("bad argument 'options' to '{}': expected a table of options, got {}", owner,
                                            value_type_name(L, 1)))
            .with("argument", std::string("options"));
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    check_known_options(L, 1, owner, known);
    lua_settop(L, 1);
    return 1;
}

int suggest(Call& call) {
    const auto names = texts_at(call, 2, "known");
    const std::vector<std::string_view> known(names.begin(), names.end());
    const auto word = call.text(1, "word");
    if (known.empty()) return call.none();
    call.push(did_you_mean(word, known));
    const auto meant = nearest(word, known);
    if (meant.empty()) return 1;
    call.push(meant);
    return 2;
}

}  // namespace uhost::bind
