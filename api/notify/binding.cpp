// `notify`: what needs a secret. Addresses of webhooks, keys and passwords stay here; scripts hold credentials that
// name them. Everything else of the primitive is Lua.
#include <fmt/format.h>

#include <string>

#include "api/github/signature.hpp"
#include "api/http/url.hpp"
#include "api/notify/mail.hpp"
#include "host/bind/credential.hpp"
#include "host/bind/module.hpp"
#include "host/core/encoding.hpp"
#include "host/runtime/host.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Function;

std::string setting(Call& call, const char* name) {
    return call.host().settings().text(fmt::format("notify.{}", name)).value_or("");
}

// setting(name): a text, "" where it is not set.
int text_setting(Call& call) { return call.give(setting(call, std::string(call.text(1, "name")).c_str())); }

// address(name): where the secret of this name, the address of a webhook, leads: a credential, the origin and the host;
// nil when there is no such secret.
int address(Call& call) {
    const std::string name(call.text(1, "name"));
    const auto secret = call.host().vault().find(name);
    if (secret.empty()) return call.give(nullptr);
    http::Url url;
    try {
        url = http::parse_url(secret);
    } catch (const Error&) {
        throw Error("notify.settings", fmt::format("{} is not the address of a webhook", name))
            .hint("set it to the https URL that the service gave you");
    }
    const auto origin = url.origin();
    bind::credential_type.give(call, std::make_shared<Credential>(Credential{name, origin, "URL"}));
    call.push(origin).push(url.host);
    return 3;
}

// credential(name, url, user): the secret of this name for the Authorization header of requests to the origin of `url`:
// as a bearer, or with `user` as the password of basic authentication. Nil when there is no such secret.
int credential(Call& call) {
    const std::string user(call.text(3, "user"));
    const auto found = find_credential(call.host().vault(), std::string(call.text(1, "name")),
                                       http::parse_url(call.text(2, "url")).origin(), user.empty() ? "Bearer" : "Basic",
                                       user);
    if (!found) return call.give(nullptr);
    return bind::credential_type.give(call, std::make_shared<Credential>(*found));
}

// sign(name, text): HMAC-SHA256 of the text under the secret of this name, in hexadecimal; nil without it.
int sign(Call& call) {
    const auto secret = call.host().vault().find(call.text(1, "name"));
    if (secret.empty()) return call.give(nullptr);
    return call.give(github::keyed_hash(secret, call.text(2, "text")));
}

// A name that no other process has.
int random_name(Call& call) { return call.give(github::random_hex(12)); }

// Where the script may connect to, as http asks it.
void require_network(Call& call, const std::string& url) {
    const auto begin = url.find("://");
    if (begin == std::string::npos) {
        throw Error("notify.settings", fmt::format("notify.smtp_url is '{}'", url))
            .hint("such as smtp://mail.example.org:587");
    }
    const auto authority = url.substr(begin + 3, url.find('/', begin + 3) - begin - 3);
    const auto colon = authority.rfind(':');
    const bool has_port = colon != std::string::npos && authority.find(']', colon) == std::string::npos;
    const std::string usual_port = url.starts_with("smtps") ? "465" : "25";
    call.host().permissions().require_host(authority.substr(0, has_port ? colon : std::string::npos),
                                           has_port ? authority.substr(colon + 1) : usual_port);
    if (!call.host().offline()) return;
    throw Error("notify.offline", fmt::format("{} is not contacted: uhost runs offline", authority))
        .hint("run without --offline (and UHOST_OFFLINE unset) to use the network");
}

// send_mail{ to =, message = }: see mail.hpp. The Lua half makes it a mutation.
int send_mail(Call& call) {
    notify::Mail mail;
    mail.url = setting(call, "smtp_url");
    mail.from = setting(call, "smtp_from");
    mail.user = setting(call, "smtp_user");
    mail.ca_file = call.host().settings().text("http.ca_file").value_or("");
    const auto fields = call.fields(1, "mail", {"to", "message"});
    mail.to = fields.texts("to");
    mail.message = fields.text_or("message", "");
    if (mail.url.empty() || mail.from.empty()) {
        throw Error("notify.settings", "it is not set which server takes mail")
            .hint("set notify.smtp_url and notify.smtp_from");
    }
    require_network(call, mail.url);
    if (mail.url.find('@') != std::string::npos) {
        throw Error("notify.settings", "notify.smtp_url names a user, and would show a password in messages and logs")
            .hint("set notify.smtp_user, and SMTP_PASSWORD in the environment");
    }
    mail.to.push_back(mail.from);
    for (const auto& each : mail.to) {
        if (!notify::is_address(each)) throw Error("notify.settings", fmt::format("'{}' is not a mail address", each));
    }
    mail.to.pop_back();
    if (!mail.user.empty()) mail.password = call.host().vault().find("SMTP_PASSWORD");
    return call.work([mail = std::move(mail)](const std::stop_token& stop) -> bind::Finish {
        notify::send_mail(mail, stop);
        return [](Call&) { return 0; };
    });
}

int encode_base64(Call& call) { return call.give(uhost::encode_base64(call.text(1, "bytes"))); }

constexpr Function functions[]{{"text_setting", text_setting}, {"address", address},
                               {"credential", credential},     {"sign", sign},
                               {"encode_base64", encode_base64},     {"random_name", random_name},
                               {"send_mail", send_mail, bind::Waits::yes}};

}  // namespace

extern "C" int luaopen_uhost_notify(lua_State* L) { return bind::module(L, "notify", functions); }
