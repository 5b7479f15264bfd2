// `kb`: logs and the patterns that are looked for in them. The classes that scripts see are Lua, in engine.lua.
#include "api/kb/binding_objects.hpp"

namespace {

constexpr uhost::bind::Function functions[]{{"open_log", uhost::kb::open_log, uhost::bind::Waits::yes},
                                            {"open_spool", uhost::kb::open_spool},
                                            {"compile", uhost::kb::compile, uhost::bind::Waits::yes}};

}  // namespace

extern "C" int luaopen_uhost_kb(lua_State* L) { return uhost::bind::module(L, "kb", functions); }
