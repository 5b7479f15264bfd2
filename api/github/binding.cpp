// `github`: where it is, and which token goes there. The client itself is Lua over `http`, in init.lua and beside it.
#include <random>

#include "api/github/binding_app.hpp"
#include "api/github/endpoints.hpp"
#include "api/github/keyed_hash.hpp"
#include "api/github/token.hpp"
#include "api/github/webhook.hpp"
#include "api/http/url.hpp"
#include "host/bind/credential.hpp"
#include "host/core/encoding.hpp"
#include "host/core/suggest.hpp"
#include "host/runtime/host.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;

int endpoints(Call& call) {
    const auto found = github::endpoints_from(call.host().settings());
    call.new_table(0, 3)
        .field("api_url", found.api_url)
        .field("graphql_url", found.graphql_url)
        .field("web_host", found.web_host);
    return 1;
}

// The name of the token, for messages; nil when there is none.
int token(Call& call) {
    auto& host = call.host();
    const auto found = github::endpoints_from(host.settings());
    const auto name = github::token_name(host.vault(), host.settings(), found.web_host);
    return name.empty() ? call.give(nullptr) : call.give(name);
}

// The token as something that `http` sends to one of the two endpoints and that nobody can read.
int credential(Call& call) {
    auto& host = call.host();
    const auto found = github::endpoints_from(host.settings());
    auto name = github::token_name(host.vault(), host.settings(), found.web_host);
    if (name.empty()) return call.give(nullptr);
    const auto origin =
        http::parse_url(call.boolean_or(1, "graphql", false) ? found.graphql_url : found.api_url).origin();
    return bind::credential_type.give(call, std::make_shared<Credential>(Credential{std::move(name), origin}));
}

int number_setting(Call& call) {
    return call.give(call.host().settings().number(fmt::format("github.{}", call.text(1, "name"))));
}

int flag_setting(Call& call) {
    return call.give(call.host().settings().flag(fmt::format("github.{}", call.text(1, "name"))));
}

// Who asks, for what is kept of the answers: nothing by which the token could be found.
int identity(Call& call) {
    auto& host = call.host();
    const auto found = github::endpoints_from(host.settings());
    const auto name = github::token_name(host.vault(), host.settings(), found.web_host);
    if (name.empty()) return call.give("anonymous");
    return call.give(github::keyed_hash(host.vault().find(name), "uhost: whose answers these are"));
}

int hash(Call& call) { return call.give(github::keyed_hash("", call.text(1, "text"))); }

int random_name(Call& call) { return call.give(github::random_hex(12)); }

// From 0 to 1. LuaJIT's own generator starts the same in every process, and clients that fail together must not return
// together.
int random(Call& call) {
    thread_local std::mt19937 generator{std::random_device{}()};
    return call.give(std::uniform_real_distribution<double>(0, 1)(generator));
}

// The secret stays here: what comes out is a boolean.
int verify_webhook(Call& call) {
    const auto secret = call.host().vault().find("GITHUB_WEBHOOK_SECRET");
    if (secret.empty()) {
        throw Error("github.auth", "no secret is set to verify webhooks with")
            .hint("set GITHUB_WEBHOOK_SECRET to the secret that the webhook was made with");
    }
    return call.give(github::is_webhook_signature(call.text(1, "payload"), secret, call.text(2, "signature")));
}

// The bytes, or nil for what is no Base64.
int decode_base64(Call& call) { return call.give(uhost::decode_base64(call.text(1, "text"))); }

// A hint for a misspelt word: did_you_mean(word, known words…).
int hint_for(Call& call) {
    std::vector<std::string_view> known;
    for (int i = 2; i <= call.count(); ++i) known.push_back(call.text(i, "known"));
    return call.give(did_you_mean(call.text(1, "word"), known));
}

constexpr Function functions[]{{"endpoints", endpoints},
                               {"token", token},
                               {"credential", credential},
                               {"identity", identity},
                               {"app", github::app},
                               {"app_credential", github::app_credential},
                               {"request_token", github::request_token, bind::Waits::yes},
                               {"installation_credential", github::installation_credential},
                               {"number_setting", number_setting},
                               {"flag_setting", flag_setting},
                               {"hash", hash},
                               {"random_name", random_name},
                               {"random", random},
                               {"verify_webhook", verify_webhook},
                               {"decode_base64", decode_base64},
                               {"did_you_mean", hint_for}};

}  // namespace

extern "C" int luaopen_uhost_github(lua_State* L) { return bind::module(L, "github", functions); }
