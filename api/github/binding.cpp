// `github`: where it is, which token goes there, an App's JWT and its installations' tokens. Tokens are made, received
// and kept here, so that no script sees them. The client itself is Lua over `http`, in init.lua and beside it.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <random>

#include "api/github/app.hpp"
#include "api/github/endpoints.hpp"
#include "api/github/gzip.hpp"
#include "api/github/signature.hpp"
#include "api/http/client.hpp"
#include "api/http/url.hpp"
#include "host/bind/credential.hpp"
#include "host/core/encoding.hpp"
#include "host/core/suggest.hpp"
#include "host/core/version.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/services.hpp"
#include "host/runtime/store_place.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"
#include "host/task/loop.hpp"

namespace {

using namespace uhost;
using namespace uhost::github;
using bind::Call;
using bind::Function;

int endpoints(Call& call) {
    const auto found = endpoints_from(call.host().settings(), call.host().environment());
    call.new_table(0, 4)
        .field("api_url", found.api_url)
        .field("graphql_url", found.graphql_url)
        .field("uploads_url", found.uploads_url)
        .field("web_host", found.web_host);
    return 1;
}

// The name of the token, for messages; nil when there is none.
int token(Call& call) {
    auto& host = call.host();
    const auto found = endpoints_from(host.settings(), host.environment());
    const auto name = token_name(host.vault(), host.settings(), host.environment(), found.web_host);
    return name.empty() ? call.give(nullptr) : call.give(name);
}

// The origin of an endpoint: "rest", "graphql" or "uploads".
std::string origin_of(const Endpoints& found, std::string_view endpoint) {
    const auto& url = endpoint == "graphql" ? found.graphql_url : endpoint == "uploads" ? found.uploads_url : found.api_url;
    return http::parse_url(url).origin();
}

// credential(endpoint): the token as something that `http` sends there and that nobody can read.
int credential(Call& call) {
    auto& host = call.host();
    const auto found = endpoints_from(host.settings(), host.environment());
    auto name = token_name(host.vault(), host.settings(), host.environment(), found.web_host);
    if (name.empty()) return call.give(nullptr);
    const auto origin = origin_of(found, call.text(1, "endpoint"));
    return bind::credential_type.give(call, std::make_shared<Credential>(Credential{std::move(name), origin}));
}

int number_setting(Call& call) {
    return call.give(call.host().settings().number(fmt::format("github.{}", call.text(1, "name"))));
}

int flag_setting(Call& call) {
    return call.give(call.host().settings().flag(fmt::format("github.{}", call.text(1, "name"))));
}

// has_store(name): whether this store is there, as far as that is known without asking a server.
int has_store(Call& call) {
    std::error_code unreadable;
    const auto place = store_place(call.host(), call.text(1, "name"));
    return call.give(is_server_address(place.address) || std::filesystem::exists(place.address, unreadable));
}

// Who asks, for what is kept of the answers: nothing by which the token could be found.
int identity(Call& call) {
    auto& host = call.host();
    const auto found = endpoints_from(host.settings(), host.environment());
    const auto name = token_name(host.vault(), host.settings(), host.environment(), found.web_host);
    if (name.empty()) return call.give("anonymous");
    return call.give(keyed_hash(host.vault().find(name), "uhost: whose answers these are"));
}

int hash(Call& call) { return call.give(keyed_hash("", call.text(1, "text"))); }

int random_name(Call& call) { return call.give(random_hex(12)); }

// From 0 to 1. LuaJIT's own generator starts the same in every process, and clients that fail together must not return
// together.
int random(Call& call) {
    thread_local std::mt19937 generator{std::random_device{}()};
    return call.give(std::uniform_real_distribution<double>(0, 1)(generator));
}

// The secrets stay here: what comes out is a boolean. All are tried, so that how long it takes does not say which fits.
int verify_webhook(Call& call) {
    const auto& vault = call.host().vault();
    const auto payload = call.text(1, "payload"), signature = call.text(2, "signature");
    bool is_known = false, fits = false;
    for (const auto* name : {"GITHUB_WEBHOOK_SECRET", "GITHUB_WEBHOOK_SECRET_PREVIOUS"}) {
        const auto secret = vault.find(name);
        if (secret.empty()) continue;
        is_known = true;
        fits = is_webhook_signature(payload, secret, signature) || fits;
    }
    if (!is_known) {
        throw Error("github.auth", "no secret is set to verify webhooks with")
            .hint("set GITHUB_WEBHOOK_SECRET to the secret that the webhook was made with");
    }
    return call.give(fits);
}

// gzip_base64(text): packed as GitHub takes SARIF.
int gzip_base64(Call& call) { return call.give(uhost::encode_base64(gzip(call.text(1, "text")))); }

// The bytes, or nil for text that is not Base64.
int decode_base64(Call& call) { return call.give(uhost::decode_base64(call.text(1, "text"))); }

int encode_base64(Call& call) { return call.give(uhost::encode_base64(call.text(1, "bytes"))); }

// A hint for a misspelt word: did_you_mean(word, known words…).
int hint_for(Call& call) {
    std::vector<std::string_view> known;
    for (int i = 2; i <= call.count(); ++i) known.push_back(call.text(i, "known"));
    return call.give(did_you_mean(call.text(1, "word"), known));
}

// A GitHub App

constexpr std::string_view app_prefix = "the GitHub App ";
constexpr std::uint64_t max_answer_bytes = 1 << 20;

std::string app_id(const Settings& settings) { return settings.text("github.app_id").value_or(""); }

std::optional<std::int64_t> installation_of(const Settings& settings) {
    const auto text = settings.text("github.app_installation");
    if (!text || text->empty()) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failed != std::errc() || end != text->data() + text->size() || number <= 0) {
        throw Error("settings",
                    fmt::format("github.app_installation is '{}', which is not the number of an installation", *text))
            .hint("it is at the end of the installation's address: .../settings/installations/NUMBER");
    }
    return number;
}

http::Request token_request(Call& call) {
    const auto& credential = bind::credential_type.from(call, 2);
    http::Request request;
    request.method = "POST";
    request.url = http::parse_url(call.text(1, "url"));
    if (credential.origin != request.url.origin()) {
        throw Error("http.credential", fmt::format("{} is not sent to {}", credential.secret, request.url.origin()));
    }
    if (request.url.scheme != "https" && !request.url.is_loopback()) {
        throw Error("http.credential", fmt::format("{} is not sent in the clear", credential.secret))
            .hint("use an https URL");
    }
    request.headers = {{"Accept", "application/vnd.github+json"},
                       {"User-Agent", fmt::format("uhost/{}", version)},
                       {"X-GitHub-Api-Version", "2022-11-28"}};
    request.authorization = fmt::format("{} {}", credential.scheme, call.host().vault().find(credential.secret));
    request.max_body_bytes = max_answer_bytes;
    return request;
}

void push_headers(Call& call, const http::Response& response) {
    call.new_table(0, response.headers.size());
    for (const auto& [name, value] : response.headers) call.field(name.c_str(), value);
    call.set("headers");
}

// The body of a refusal holds no token; that of a success is not given away.
int give_answer(Call& call, const std::string& name, const http::Outcome& outcome) {
    if (const auto* failure = std::get_if<Error>(&outcome)) throw *failure;
    const auto& response = std::get<http::Response>(outcome);
    if (response.status == 201) {
        auto made = parse_installation_token(response.body);
        call.host().vault().add(name, std::move(made.token));
        call.new_table().field("status", response.status).field("expires_at", made.expires_at);
    } else {
        call.new_table().field("status", response.status).field("ok", false).field("url", response.url);
        call.field("body", response.body);
    }
    push_headers(call, response);
    return 1;
}

// app(): { id, installation } from the settings; nil when no App is set.
int app(Call& call) {
    const auto& settings = call.host().settings();
    const auto id = app_id(settings);
    if (id.empty()) return call.give(nullptr);
    call.new_table().field("id", id).field("installation", installation_of(settings));
    return 1;
}

// app_credential(clock_offset_s): a new JWT of the App, by a clock that is so much ahead of the host's.
int app_credential(Call& call) {
    auto& host = call.host();
    const auto id = app_id(host.settings());
    const auto file = host.settings().text("github.app_key_file").value_or("");
    if (file.empty()) {
        throw Error("github.auth", fmt::format("github.app_id is {}, but no key of that App is set", id))
            .hint("set github.app_key_file (UHOST_GITHUB_APP_KEY_FILE) to the App's private key");
    }
    const auto offset_s = static_cast<std::int64_t>(call.number(1, "clock_offset_s"));
    const auto now_s = std::chrono::floor<std::chrono::seconds>(host.now()).time_since_epoch().count();
    auto name = fmt::format("{}{} (its own key)", app_prefix, id);
    host.vault().add(name, AppKey::read(file).token(id, now_s + offset_s));
    const auto origin = http::parse_url(endpoints_from(host.settings(), host.environment()).api_url).origin();
    return bind::credential_type.give(call, std::make_shared<Credential>(Credential{std::move(name), origin}));
}

// request_token(url, credential, name): requests an installation's token and puts it into the vault under `name`.
// Gives { status, headers, expires_at } or, when it was refused, { status, headers, body, url, ok = false }. Waits.
int request_token(Call& call) {
    auto& host = call.host();
    if (host.offline() &&
        !http::shared_client(host.services(), host.loop(), host.settings(), host.environment(), host.vault()).is_replay()) {
        throw Error("http.offline", "GitHub is not asked for a token: uhost runs offline")
            .hint("run without --offline (and UHOST_OFFLINE unset) to use the network");
    }
    auto request = token_request(call);
    const std::string name(call.text(3, "name"));
    if (!name.starts_with(app_prefix)) call.bad_argument(3, "name", "the name of an installation");
    return call.wait([&](bind::Waker waker) {
        auto& client = http::shared_client(host.services(), host.loop(), host.settings(), host.environment(), host.vault());
        const auto id = client.start(std::move(request), std::make_unique<http::MemorySink>(),
                                     [waker, name](http::Outcome outcome) {
                                         waker.wake([name, outcome = std::move(outcome)](Call& results) {
                                             return give_answer(results, name, outcome);
                                         });
                                     });
        return [&client, id] { client.cancel(id); };
    });
}

// installation_credential(name, endpoint): what request_token put there.
int installation_credential(Call& call) {
    auto& host = call.host();
    std::string name(call.text(1, "name"));
    if (!name.starts_with(app_prefix)) call.bad_argument(1, "name", "the name of an installation");
    const auto found = endpoints_from(host.settings(), host.environment());
    const auto origin = origin_of(found, call.text(2, "endpoint"));
    return bind::credential_type.give(call, std::make_shared<Credential>(Credential{std::move(name), origin}));
}

constexpr Function functions[]{{"endpoints", endpoints},
                               {"token", token},
                               {"credential", credential},
                               {"identity", identity},
                               {"app", app},
                               {"app_credential", app_credential},
                               {"request_token", request_token, bind::Waits::yes},
                               {"installation_credential", installation_credential},
                               {"number_setting", number_setting},
                               {"flag_setting", flag_setting},
                               {"has_store", has_store},
                               {"hash", hash},
                               {"random_name", random_name},
                               {"random", random},
                               {"verify_webhook", verify_webhook},
                               {"decode_base64", decode_base64},
                               {"encode_base64", encode_base64},
                               {"gzip_base64", gzip_base64},
                               {"did_you_mean", hint_for}};

}  // namespace

extern "C" int luaopen_uhost_github(lua_State* L) { return bind::module(L, "github", functions); }
