#include "api/http/url.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "host/core/error.hpp"

namespace uhost::http {
namespace {

struct CloseUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};

constexpr std::size_t max_url_bytes = 64 * 1024;

Error refuse(std::string_view text, std::string_view why) {
    return Error("argument", fmt::format("'{}' is not a URL to request: {}", text.substr(0, 200), why))
        .hint("give it as https://host/path");
}

std::string part(CURLU* url, CURLUPart which) {
    char* raw = nullptr;
    if (curl_url_get(url, which, &raw, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
    const std::unique_ptr<char, FreeText> text(raw);
    return text.get();
}

bool is_usual_port(const Url& url) { return url.port == (url.scheme == "https" ? 443 : 80); }

}  // namespace

std::string Url::host_and_port() const { return is_usual_port(*this) ? host : fmt::format("{}:{}", host, port); }

std::string Url::origin() const { return fmt::format("{}://{}", scheme, host_and_port()); }

bool Url::is_loopback() const {
    const bool four_numbers = host.find_first_not_of("0123456789.") == std::string::npos;
    return host == "localhost" || host == "[::1]" || (four_numbers && host.starts_with("127."));
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return lower;
}

Url parse_url(std::string_view text) {
    if (text.size() > max_url_bytes) throw refuse(text, "it is longer than 64 KiB");
    const auto is_bad = [](unsigned char c) { return c <= ' ' || c == 127; };
    if (std::ranges::any_of(text, is_bad)) throw refuse(text, "it holds a blank or a control character");
    const std::unique_ptr<CURLU, CloseUrl> parsed(curl_url());
    if (!parsed) throw std::bad_alloc();
    const auto code = curl_url_set(parsed.get(), CURLUPART_URL, std::string(text).c_str(), CURLU_NON_SUPPORT_SCHEME);
    if (code != CURLUE_OK) throw refuse(text, lower_case(curl_url_strerror(code)));
    Url url;
    url.scheme = lower_case(part(parsed.get(), CURLUPART_SCHEME));
    if (url.scheme != "http" && url.scheme != "https") throw refuse(text, "only http and https are spoken");
    if (!part(parsed.get(), CURLUPART_USER).empty() || !part(parsed.get(), CURLUPART_PASSWORD).empty()) {
        throw Error("argument", "a URL to request has a user name or password in it")
            .hint("send an Authorization header, or use a primitive that knows its credentials");
    }
    curl_url_set(parsed.get(), CURLUPART_FRAGMENT, nullptr, 0);
    url.host = lower_case(part(parsed.get(), CURLUPART_HOST));
    url.port = std::stoi(part(parsed.get(), CURLUPART_PORT));
    char* whole = nullptr;
    if (curl_url_get(parsed.get(), CURLUPART_URL, &whole, 0) != CURLUE_OK) throw refuse(text, "it has no path");
    url.text = std::unique_ptr<char, FreeText>(whole).get();
    return url;
}

Url redirected_url(const std::string& base, const std::string& location) {
    const std::unique_ptr<CURLU, CloseUrl> url(curl_url());
    if (!url) throw std::bad_alloc();
    if (curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK) throw refuse(base, "it is malformed");
    const auto code = curl_url_set(url.get(), CURLUPART_URL, location.c_str(), CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE);
    if (code != CURLUE_OK) throw refuse(location, lower_case(curl_url_strerror(code)));
    return parse_url(part(url.get(), CURLUPART_URL));
}

}  // namespace uhost::http
