#pragma once

#include <lua.hpp>
#include <string>

namespace uhost::json {

struct EncodeOptions {
    int indent = 0;                ///< spaces a level; 0 writes everything on one line
    int depth = 128;               ///< most levels of tables
    bool replace_invalid = false;  ///< bytes that are not UTF-8 become U+FFFD instead of an error
};

/// The JSON text of the value at `index`, with the fields of objects in byte order of their names. Reads tables raw: no
/// Lua code runs but finalizers. Throws `json.encode` and `json.depth`, naming the path to the value at fault.
std::string encode(lua_State* L, int index, const EncodeOptions& options);

}  // namespace uhost::json
