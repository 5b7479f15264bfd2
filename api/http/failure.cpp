#include "api/http/failure.hpp"

#include <fmt/format.h>

namespace uhost::http {
namespace {

curl_off_t info(CURL* easy, CURLINFO which) {
    curl_off_t value = 0;
    curl_easy_getinfo(easy, which, &value);
    return value;
}

Error timed_out(CURL* easy, const Request& request) {
    const auto host = request.url.host_and_port();
    const double elapsed_s = static_cast<double>(info(easy, CURLINFO_TOTAL_TIME_T)) / 1e6;
    if (request.timeout_s > 0 && elapsed_s >= request.timeout_s * 0.999) {
        return Error("http.timeout", fmt::format("{} did not finish its answer within {:g} s", host, request.timeout_s))
            .hint("allow more with timeout_s or the setting http.timeout_s, or try again later");
    }
    if (info(easy, CURLINFO_NAMELOOKUP_TIME_T) == 0) {
        return Error("http.timeout", fmt::format("the look-up of {} took longer than {:g} s", request.url.host,
                                                 request.connect_timeout_s))
            .hint("check that this machine's DNS servers (/etc/resolv.conf) answer");
    }
    if (info(easy, CURLINFO_PRETRANSFER_TIME_T) == 0) {
        return Error("http.timeout",
                     fmt::format("{} did not accept a connection within {:g} s", host, request.connect_timeout_s))
            .hint("check the network, the proxy and the firewall; allow more with connect_timeout_s");
    }
    return Error("http.timeout", fmt::format("{} sent nothing for {:g} s", host, request.stall_timeout_s))
        .hint("try again later, or allow more with stall_timeout_s");
}

Error garbled(const std::string& host) {
    return Error("http.protocol", fmt::format("the answer of {} could not be understood", host))
        .hint("check that the URL names an HTTP server; a proxy in between may garble it");
}

Error reset(const std::string& host) {
    return Error("http.reset", fmt::format("{} closed the connection before its answer was complete", host))
        .hint("try again; if it persists, look at the server or at a proxy in between");
}

Error proxy_failure(const std::string& host, long status) {
    if (status == 0) {
        return Error("http.proxy", fmt::format("the proxy on the way to {} closed the connection", host))
            .hint("try again; if it persists, check https_proxy, all_proxy or the setting http.proxy");
    }
    auto error = Error("http.proxy", fmt::format("the proxy on the way to {} refused", host)).with("status", status);
    if (status == 407) {
        return std::move(error).hint("it asks for a name and a password: https_proxy=http://NAME:PASSWORD@HOST:PORT");
    }
    return std::move(error).hint("check https_proxy, all_proxy or the setting http.proxy");
}

Error tls_failure(const std::string& host, CURLcode code) {
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        return Error("http.tls", fmt::format("the certificate of {} is not trusted", host))
            .hint(
                "if a company's or a test's own authority signed it, name that authority's certificate file in the "
                "setting http.ca_file (UHOST_HTTP_CA_FILE); also check this machine's clock");
    }
    if (code == CURLE_SSL_CACERT_BADFILE) {
        return Error("http.tls", fmt::format("there are no certificates to check {} with", host))
            .hint("`apt-get install ca-certificates`, or name a PEM file in the setting http.ca_file");
    }
    return Error("http.tls", fmt::format("no secure connection to {} could be set up", host))
        .hint("check that the port speaks TLS, the proxy, and this machine's clock");
}

// libcurl quotes the address of a proxy with its name and password: "http://NAME:PASSWORD@HOST" becomes
// "http://***@HOST".
std::string without_passwords(std::string_view message) {
    std::string clean(message);
    for (auto at = clean.find('@'); at != std::string::npos; at = clean.find('@', at + 1)) {
        auto begin = clean.find_last_of(" '\"(", at);
        begin = begin == std::string::npos ? 0 : begin + 1;
        if (const auto scheme = clean.find("://", begin); scheme < at) begin = scheme + 3;
        clean.replace(begin, at - begin, "***");
        at = begin + 3;
    }
    return clean;
}

bool was_redirected(CURL* easy) {
    long redirects = 0;
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_COUNT, &redirects);
    return redirects > 0;
}

Error without_operands(CURL* easy, CURLcode code, const Request& request) {
    const auto host = request.url.host_and_port();
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return Error("http.dns", fmt::format("no address was found for {}", request.url.host))
                .hint("check the name's spelling, and that this machine has network and DNS");
        case CURLE_COULDNT_RESOLVE_PROXY:
            return Error("http.dns", fmt::format("no address was found for the proxy on the way to {}", host))
                .hint("check https_proxy, all_proxy or the setting http.proxy");
        case CURLE_COULDNT_CONNECT:
            return Error("http.connect", fmt::format("cannot connect to {}", host))
                .hint("check that the server runs, the network, the proxy settings and the firewall");
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_USE_SSL_FAILED:
            return tls_failure(host, code);
        case CURLE_OPERATION_TIMEDOUT:
            return timed_out(easy, request);
        case CURLE_TOO_MANY_REDIRECTS:
            return Error("http.redirects", fmt::format("{} redirected more than {} times", host, request.redirects))
                .hint("look for a loop of redirects, or allow more with redirects");
        case CURLE_UNSUPPORTED_PROTOCOL:
            if (!was_redirected(easy)) return garbled(host);  // not HTTP, or HTTP 0.9
            return Error("http.redirects", fmt::format("{} redirected to a URL that is not followed", host))
                .hint("from https only https is followed, from http also https");
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_PARTIAL_FILE:
        case CURLE_HTTP2:  // among others when the connection is lost
        case CURLE_HTTP2_STREAM:
            return reset(host);
        case CURLE_PROXY:
            return proxy_failure(host, 0);
        default:
            return garbled(host);
    }
}

// libcurl has one code for a connection that broke, for nonsense between the chunks of a body, and for a proxy's
// refusal.
Error error_for(CURL* easy, CURLcode code, const Request& request, std::string_view message) {
    const auto host = request.url.host_and_port();
    const auto says = [&](std::string_view what) { return message.find(what) != std::string_view::npos; };
    if (code == CURLE_RECV_ERROR && says("chunked-encoding")) return garbled(host);
    long connect_status = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
    if (connect_status >= 300) return proxy_failure(host, connect_status);
    if (says("Proxy CONNECT") || says("CONNECT tunnel")) return proxy_failure(host, 0);
    return without_operands(easy, code, request);
}

}  // namespace

Error failure_of(CURL* easy, CURLcode code, const Request& request, std::string_view message) {
    return error_for(easy, code, request, message)
        .native(message.empty() ? std::string(curl_easy_strerror(code)) : without_passwords(message))
        .with("host", request.url.host_and_port())
        .with("method", request.method);
}

Error as_error(const std::exception& thrown) {
    if (const auto* error = dynamic_cast<const Error*>(&thrown)) return *error;
    return Error("internal", std::string("unexpected failure: ") + thrown.what());
}

Error too_large(const Request& request) {
    return Error("http.too_large", fmt::format("the answer of {} is larger than {} bytes", request.url.host_and_port(),
                                               request.max_body_bytes))
        .hint("raise max_bytes, write it with to_file, or read it in pieces with http.stream")
        .with("host", request.url.host_and_port())
        .with("limit_bytes", static_cast<std::int64_t>(request.max_body_bytes));
}

}  // namespace uhost::http
