// `logs`: what sinks need of secrets and sockets. Everything else of them is Lua.
#include "api/logs/binding_sending.hpp"

#include "api/github/gzip.hpp"
#include "api/http/url.hpp"
#include "api/logs/sending.hpp"
#include "host/bind/credential.hpp"
#include "host/core/encoding.hpp"
#include "host/runtime/host.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"

namespace uhost::logs {

using bind::Call;

int gzip(Call& call) { return call.give(github::gzip(call.text(1, "bytes"))); }

int text_setting(Call& call) {
    return call.give(call.host().settings().text("logs." + std::string(call.text(1, "name"))).value_or(""));
}

int host_of(Call& call) {
    const auto url = call.text(1, "url");
    if (url.starts_with("tcp://") || url.starts_with("tls://")) return call.give(StreamTarget::parse(url).host);
    return call.give(http::parse_url(url).host);
}

int credential(Call& call) {
    const auto found = find_credential(call.host().vault(), std::string(call.text(1, "name")),
                                       http::parse_url(call.text(2, "url")).origin(),
                                       std::string(call.text(3, "scheme")), std::string(call.text(4, "user")));
    if (!found) return call.give(nullptr);
    return bind::credential_type.give(call, std::make_shared<Credential>(*found));
}

int sign_aws(Call& call) {
    const auto fields = call.fields(
        1, "request",
        {"method", "url", "path", "region", "access_key_id", "payload_hash", "time", "secret", "session_token"});
    auto& vault = call.host().vault();
    const auto key = vault.find(fields.text_or("secret", ""));
    if (key.empty()) return call.give(nullptr);
    AwsRequest request;
    request.method = fields.text_or("method", "PUT");
    request.host = http::parse_url(fields.text_or("url", "")).host_and_port();
    request.path = fields.text_or("path", "/");
    request.region = fields.text_or("region", "");
    request.access_key_id = fields.text_or("access_key_id", "");
    request.payload_hash = fields.text_or("payload_hash", "");
    request.time = fields.text_or("time", "");
    request.session_token = vault.find(fields.text_or("session_token", ""));
    return call.give(aws_authorization(request, key));
}

int send_to_stream(Call& call) {
    auto target = StreamTarget::parse(call.text(1, "url"));
    call.host().permissions().require_host(target.host, target.port);
    if (call.host().offline()) {
        throw Error("logs.offline", target.host + " is not contacted: uhost runs offline")
            .hint("run without --offline (and UHOST_OFFLINE unset) to use the network");
    }
    target.ca_file = call.host().settings().text("http.ca_file").value_or("");
    return call.work([target = std::move(target),
                      data = std::string(call.text(2, "data"))](const std::stop_token& stop) -> bind::Finish {
        send_stream(target, data, stop);
        return [](Call& results) { return results.none(); };
    });
}

}  // namespace uhost::logs
