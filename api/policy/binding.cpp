// The native half of `policy`: finding a policy's source. What a policy is lent, and how it is called, is in init.lua.
#include "api/policy/policy_file.hpp"
#include "host/bind/module.hpp"
#include "host/runtime/host.hpp"

namespace {

using namespace uhost;

// find(name, {folder =}) -> {source=, path=, users_own=}
int find(bind::Call& call) {
    const auto name = call.text(1, "name");
    const auto own = call.fields(2, "options", {"folder"}).text_or("folder", "policies");
    const auto found = policy::find_policy(name, own, call.host().locations().share / "policies");
    call.new_table(0, 3)
        .field("source", found.source)
        .field("path", found.path.string())
        .field("users_own", found.users_own);
    return 1;
}

constexpr bind::Function functions[]{{"find", find}};

}  // namespace

extern "C" int luaopen_uhost_policy(lua_State* L) { return bind::module(L, "policy", functions); }
