#pragma once

#include <lua.hpp>
#include <string_view>

namespace uhost::json {

struct DecodeOptions {
    int depth = 128;           ///< most levels of arrays and objects
    bool big_as_text = false;  ///< whole numbers beyond 2^53 as strings of digits, not as the nearest double
    bool omit_null = false;    ///< leaves out fields that are null
};

/// The greatest `depth` that Lua's C stack has room for.
constexpr int deepest = 1000;

/// Pushes the value that `text` (UTF-8, without a byte order mark) stands for. Throws `json.syntax` and `json.depth`.
/// Lua may raise through it when memory runs out.
void decode(lua_State* L, std::string_view text, const DecodeOptions& options);

/// The quick way: simdjson. Pushes the value and returns true; or leaves the stack as it was and returns false for
/// what it refuses, which may yet be valid (whole numbers beyond 64 bits).
bool decode_quickly(lua_State* L, std::string_view text, const DecodeOptions& options);

/// The exact way: nlohmann's SAX parser, which takes everything that is valid and knows where an error is. Uses no
/// memory of its own to speak of. A third of the speed.
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

}  // namespace uhost::json
