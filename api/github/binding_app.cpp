// A GitHub App's JWT and its installations' tokens: made, received and kept here, so that no script sees them.
#include "api/github/binding_app.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "api/github/app_key.hpp"
#include "api/github/endpoints.hpp"
#include "api/github/installation_token.hpp"
#include "api/http/shared_client.hpp"
#include "api/http/url.hpp"
#include "host/bind/credential.hpp"
#include "host/core/version.hpp"
#include "host/runtime/host.hpp"

namespace uhost::github {
namespace {

using bind::Call;

constexpr std::string_view app_prefix = "the GitHub App ";
constexpr std::uint64_t largest_answer = 1 << 20;

std::string app_id(const Settings& settings) { return settings.text("github.app_id").value_or(""); }

std::optional<std::int64_t> installation_of(const Settings& settings) {
    const auto text = settings.text("github.app_installation");
    if (!text || text->empty()) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failed != std::errc() || end != text->data() + text->size() || number <= 0) {
        throw Error("settings",
                    fmt::format("github.app_installation is '{}', which is no number of an installation", *text))
            .hint("it is at the end of the installation's address: .../settings/installations/NUMBER");
    }
    return number;
}

std::int64_t now_s() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
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
    request.largest_bytes = largest_answer;
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

}  // namespace

int app(Call& call) {
    const auto& settings = call.host().settings();
    const auto id = app_id(settings);
    if (id.empty()) return call.give(nullptr);
    call.new_table().field("id", id).field("installation", installation_of(settings));
    return 1;
}

int app_credential(Call& call) {
    auto& host = call.host();
    const auto id = app_id(host.settings());
    const auto file = host.settings().text("github.app_key_file").value_or("");
    if (file.empty()) {
        throw Error("github.auth", fmt::format("github.app_id is {}, but no key of that App is set", id))
            .hint("set github.app_key_file (UHOST_GITHUB_APP_KEY_FILE) to the App's private key");
    }
    const auto offset_s = static_cast<std::int64_t>(call.number(1, "clock_offset_s"));
    auto name = fmt::format("{}{} (its own key)", app_prefix, id);
    host.vault().add(name, AppKey::read(file).token(id, now_s() + offset_s));
    const auto origin = http::parse_url(endpoints_from(host.settings()).api_url).origin();
    return bind::credential_type.give(call, std::make_shared<Credential>(Credential{std::move(name), origin}));
}

int request_token(Call& call) {
    auto& host = call.host();
    if (host.offline() &&
        !http::shared_client(host.services(), host.loop(), host.settings(), host.vault()).is_replay()) {
        throw Error("http.offline", "GitHub is not asked for a token: uhost runs offline")
            .hint("run without --offline (and UHOST_OFFLINE unset) to use the network");
    }
    auto request = token_request(call);
    const std::string name(call.text(3, "name"));
    if (!name.starts_with(app_prefix)) call.bad_argument(3, "name", "the name of an installation");
    return call.wait([&](bind::Waker waker) {
        auto& client = http::shared_client(host.services(), host.loop(), host.settings(), host.vault());
        const auto id = client.start(std::move(request), std::make_unique<http::MemorySink>(),
                                     [waker, name](http::Outcome outcome) {
                                         waker.wake([name, outcome = std::move(outcome)](Call& results) {
                                             return give_answer(results, name, outcome);
                                         });
                                     });
        return [&client, id] { client.cancel(id); };
    });
}

int installation_credential(Call& call) {
    auto& host = call.host();
    std::string name(call.text(1, "name"));
    if (!name.starts_with(app_prefix)) call.bad_argument(1, "name", "the name of an installation");
    const auto found = endpoints_from(host.settings());
    const auto origin =
        http::parse_url(call.boolean_or(2, "graphql", false) ? found.graphql_url : found.api_url).origin();
    return bind::credential_type.give(call, std::make_shared<Credential>(Credential{std::move(name), origin}));
}

}  // namespace uhost::github
