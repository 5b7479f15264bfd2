#pragma once

#include <lua.hpp>
#include <string>

#include "host/core/error.hpp"
#include "host/lua/interpreter.hpp"

namespace uhost::lua {

/// Pushes `error` as the table that scripts see: `kind`, `message`, `hint`, `native`, `details`, `exit_code`, `where`
/// (the script line that called, "file:line"); `tostring` gives the message.
void push_error(lua_State* L, const Error& error);

/// Raises a Lua value when it reaches the binding kit.
class RaisedValue : public std::exception {
public:
    explicit RaisedValue(std::shared_ptr<const Reference> value) : value_(std::move(value)) {}
    const char* what() const noexcept override { return "a Lua error value"; }
    void push(lua_State* L) const { value_->push(L); }

private:
    std::shared_ptr<const Reference> value_;
};

/// Whether the value at `index` is such a table.
bool is_error(lua_State* L, int index);

/// An error that a script raised, as the host reports it.
struct Raised {
    Error error;
    std::string where;      ///< "file:line", or ""
    std::string traceback;  ///< Lua's own, or ""
};

/// Reads any error value back: our tables with the details that Error can hold; strings (what `error("…")` and the
/// interpreter raise) as kind "lua" with the position moved into `where`; other values as kind "lua" with their
/// tostring. The texts of the interpreter are the only ones whose words are looked at, here and nowhere else.
Raised read_error(lua_State* L, int index);

/// Pops what luaL_load… left of a chunk that does not compile: an error of kind "script" with the line as an excerpt,
/// and `path` and `line` in its details. `path` may be the name of code that is no file.
Raised syntax_error(lua_State* L, std::string_view source, const std::string& path);

/// Leaves the function that `code`, which `name` stands for in messages, is. Throws what syntax_error() says.
void load(lua_State* L, std::string_view code, const std::string& name);

/// lua_pcall() that throws what was raised, without its place.
void call(lua_State* L, int arguments, int results);

/// Replaces the value at the top of `L` by an error table, adding the traceback of `thread`, unless it has one.
void complete_error(lua_State* L, lua_State* thread);

/// Whether a function's source (lua_Debug::source) is the host's own Lua.
bool is_host_chunk(const char* source);

/// The first Lua frame outside the host's own chunks, as "file:line"; "" when there is none.
std::string caller_position(lua_State* L);

}  // namespace uhost::lua
