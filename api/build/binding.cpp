// `build`: what executors need of settings and secrets, and who submits. Everything else of the primitive is Lua.
#include <string>
#include <variant>

#include "api/http/url.hpp"
#include "host/bind/credential.hpp"
#include "host/bind/module.hpp"
#include "host/bind/process_identity.hpp"
#include "host/runtime/host.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"

namespace {

using namespace uhost;
using bind::Call;

// executor_settings(): all that is set of executors, by name ("slurm.partition").
int executor_settings(Call& call) {
    call.new_table();
    for (const auto& [name, value] : call.host().settings().within("build.executors")) {
        std::visit([&](const auto& each) { call.field(name.c_str(), each); }, value);
    }
    return 1;
}

// default_executor(): its name, "" where it is not set.
int default_executor(Call& call) { return call.give(call.host().settings().text("build.executor").value_or("")); }

// host_of(url): raises `http.url` for what is no address.
int host_of(Call& call) { return call.give(http::parse_url(call.text(1, "url")).host); }

// credential(name, url, scheme): the secret of this name for requests to the origin of `url`; nil without it.
int credential(Call& call) {
    const auto found =
        find_credential(call.host().vault(), std::string(call.text(1, "name")),
                        http::parse_url(call.text(2, "url")).origin(), std::string(call.text(3, "scheme")), "");
    if (!found) return call.give(nullptr);
    return bind::credential_type.give(call, std::make_shared<Credential>(*found));
}

constexpr bind::Function functions[]{{"executor_settings", executor_settings},
                                     {"default_executor", default_executor},
                                     {"host_of", host_of},
                                     {"credential", credential},
                                     {"this_process", bind::this_process},
                                     {"is_gone", bind::is_gone}};

}  // namespace

extern "C" int luaopen_uhost_build(lua_State* L) { return bind::module(L, "build", functions); }
