#pragma once

// What the binding files of `json` share.
#include <lua.hpp>
#include <string>
#include <string_view>

namespace uhost::json {

/// `json.null`: the null pointer, which other JSON libraries for LuaJIT use as well.
inline void push_null(lua_State* L) { lua_pushlightuserdata(L, nullptr); }
inline bool is_null(lua_State* L, int index) {
    return lua_type(L, index) == LUA_TLIGHTUSERDATA && lua_touserdata(L, index) == nullptr;
}

/// The metatable that marks a table as an array, so that an empty one stays an array.
void push_array_metatable(lua_State* L);
/// Whether the table at `index` carries that mark.
bool is_array(lua_State* L, int index);

struct DecodeOptions {
    int depth = 128;           ///< limit of levels of arrays and objects
    bool big_as_text = false;  ///< whole numbers beyond 2^53 as strings of digits, not as the nearest double
    bool omit_null = false;    ///< leaves out fields that are null
};

/// The greatest `depth` that Lua's C stack has room for.
constexpr int max_depth = 1000;

/// Pushes the value that `text` (UTF-8, without a byte order mark) stands for. Throws `json.syntax` and `json.depth`.
/// Lua may raise through it when memory runs out.
void decode(lua_State* L, std::string_view text, const DecodeOptions& options);

/// Decodes with simdjson. Pushes the value and returns true; or leaves the stack as it was and returns false for
/// what it refuses, which may yet be valid (whole numbers beyond 64 bits).
bool decode_quickly(lua_State* L, std::string_view text, const DecodeOptions& options);

/// Decodes with nlohmann's SAX parser, which takes everything that is valid and knows where an error is. Needs hardly
/// any memory of its own, and three times as long.
void decode_exactly(lua_State* L, std::string_view text, const DecodeOptions& options);

/// Pushes a whole number that is given as digits.
inline void push_big_integer(lua_State* L, std::string_view digits, double nearest, const DecodeOptions& options) {
    if (options.big_as_text) {
        lua_pushlstring(L, digits.data(), digits.size());
    } else {
        lua_pushnumber(L, nearest);
    }
}

constexpr double exact_integers = 9007199254740992.0;  // 2^53

struct EncodeOptions {
    int indent = 0;                ///< spaces a level; 0 writes everything on one line
    int depth = 128;               ///< limit of levels of tables
    bool replace_invalid = false;  ///< bytes that are not UTF-8 become U+FFFD instead of an error
};

/// The JSON text of the value at `index`, with the fields of objects in byte order of their names. Reads tables raw: no
/// Lua code runs but finalizers. Throws `json.encode` and `json.depth`, naming the path to the value at fault.
std::string encode(lua_State* L, int index, const EncodeOptions& options);

}  // namespace uhost::json
