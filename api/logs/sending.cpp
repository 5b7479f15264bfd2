#include "api/logs/sending.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <memory>

#include "api/http/url.hpp"
#include "host/core/encoding.hpp"
#include "host/core/error.hpp"

namespace uhost::logs {
namespace {

std::string hmac(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned length = 0;
    const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    if (made == nullptr) throw Error("internal", "libcrypto cannot compute a hash");
    return {reinterpret_cast<const char*>(digest.data()), length};
}

std::string sha256(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        throw Error("internal", "libcrypto cannot compute a hash");
    }
    return encode_hex({reinterpret_cast<const char*>(digest.data()), length});
}

}  // namespace

std::string aws_authorization(const AwsRequest& request, const std::string& secret_key) {
    std::string headers = fmt::format("host:{}\nx-amz-content-sha256:{}\nx-amz-date:{}\n", request.host,
                                      request.payload_hash, request.time);
    std::string names = "host;x-amz-content-sha256;x-amz-date";
    if (!request.session_token.empty()) {
        headers += fmt::format("x-amz-security-token:{}\n", request.session_token);
        names += ";x-amz-security-token";
    }
    const auto canonical =
        fmt::format("{}\n{}\n\n{}\n{}\n{}", request.method, request.path, headers, names, request.payload_hash);
    const auto day = request.time.substr(0, 8);
    const auto scope = fmt::format("{}/{}/{}/aws4_request", day, request.region, request.service);
    const auto to_sign = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", request.time, scope, sha256(canonical));
    auto key = hmac("AWS4" + secret_key, day);
    for (const std::string_view part :
         {std::string_view(request.region), std::string_view(request.service), std::string_view("aws4_request")}) {
        key = hmac(key, part);
    }
    return fmt::format("AWS4-HMAC-SHA256 Credential={}/{},SignedHeaders={},Signature={}", request.access_key_id, scope,
                       names, encode_hex(hmac(key, to_sign)));
}

// Streams -------------------------------------------------------------------------------------------------------------

namespace {

constexpr long connect_timeout_s = 20;
constexpr auto send_timeout = std::chrono::seconds(60);
constexpr int poll_ms = 200;

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

[[noreturn]] void fail(const StreamTarget& target, CURLcode code, const char* said) {
    throw Error("logs.delivery", fmt::format("{}:{} did not take the logs", target.host, target.port))
        .native(*said != '\0' ? said : curl_easy_strerror(code))
        .hint("check the address, and that the server runs");
}

void wait_for(curl_socket_t socket, short events, std::chrono::steady_clock::time_point until,
              const StreamTarget& target, const std::stop_token& stop) {
    while (true) {
        if (stop.stop_requested()) throw Error("cancelled", "sending was cancelled");
        // First: a socket can be ready all the time, and TLS yet have nothing that it could send.
        if (std::chrono::steady_clock::now() > until) fail(target, CURLE_OPERATION_TIMEDOUT, "");
        pollfd wanted{socket, events, 0};
        if (::poll(&wanted, 1, poll_ms) > 0) return;
    }
}

// Without this the other side might lose what it has not read when the connection is reset.
void wait_for_close(CURL* handle, curl_socket_t socket, const StreamTarget& target, const std::stop_token& stop) {
    ::shutdown(socket, SHUT_WR);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    std::array<char, 256> ignored;
    std::size_t count = 0;
    while (std::chrono::steady_clock::now() < until) {
        const auto code = curl_easy_recv(handle, ignored.data(), ignored.size(), &count);
        if (code == CURLE_OK && count > 0) continue;
        if (code != CURLE_AGAIN) return;
        try {
            wait_for(socket, POLLIN, until, target, stop);
        } catch (const Error& error) {
            if (error.kind() != "logs.delivery") throw;
        }
    }
}

}  // namespace

StreamTarget StreamTarget::parse(std::string_view url) {
    StreamTarget target;
    target.is_secure = url.starts_with("tls://");
    const auto authority = url.substr(std::min<std::size_t>(6, url.size()));
    const auto colon = authority.rfind(':');
    const bool is_address = (target.is_secure || url.starts_with("tcp://")) && colon != authority.npos && colon > 0 &&
                            authority.find_first_not_of("0123456789", colon + 1) == authority.npos &&
                            colon + 1 < authority.size() && authority.find_first_of("/@?#\\") == authority.npos;
    if (!is_address) {
        throw Error("logs.sink", fmt::format("'{}' is not the address of a stream", url))
            .hint("such as tcp://logs.example.org:601 or tls://logs.example.org:6514");
    }
    // Taken apart by whoever connects, so that no other host is checked than the one that gets the logs.
    const auto parsed = http::parse_url(fmt::format("https://{}", authority));
    target.host = parsed.host;
    target.port = std::to_string(parsed.port);
    return target;
}

void send_stream(const StreamTarget& target, std::string_view data, const std::stop_token& stop) {
    const Handle handle(curl_easy_init(), curl_easy_cleanup);
    if (!handle) throw std::bad_alloc();
    std::array<char, CURL_ERROR_SIZE> said{};
    const auto url = fmt::format("{}://{}:{}", target.is_secure ? "https" : "http", target.host, target.port);
    curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, said.data());
    curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, connect_timeout_s);
    curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(handle.get(), CURLOPT_SSL_ENABLE_ALPN, 0L);
    if (!target.ca_file.empty()) curl_easy_setopt(handle.get(), CURLOPT_CAINFO, target.ca_file.c_str());
    if (const auto code = curl_easy_perform(handle.get()); code != CURLE_OK) fail(target, code, said.data());
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(handle.get(), CURLINFO_ACTIVESOCKET, &socket);
    const auto until = std::chrono::steady_clock::now() + send_timeout;
    while (!data.empty()) {
        std::size_t count = 0;
        const auto code = curl_easy_send(handle.get(), data.data(), data.size(), &count);
        if (code == CURLE_AGAIN) {
            wait_for(socket, POLLOUT, until, target, stop);
        } else if (code != CURLE_OK) {
            fail(target, code, said.data());
        }
        data.remove_prefix(count);
    }
    wait_for_close(handle.get(), socket, target, stop);
}

}  // namespace uhost::logs
