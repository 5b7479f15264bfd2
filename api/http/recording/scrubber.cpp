#include "api/http/recording/scrubber.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>

#include "host/core/encoding.hpp"
#include "host/secrets/vault.hpp"

namespace uhost::http {
namespace {

constexpr std::size_t min_learned_bytes = 8;
constexpr std::size_t max_learned = 1000;

bool is_cookie(std::string_view name) { return name == "cookie" || name == "set-cookie" || name == "set-cookie2"; }

bool is_secret_header(std::string_view name) {
    if (name == "authorization" || name == "proxy-authorization" || is_cookie(name)) return true;
    std::string variable(name);
    std::ranges::replace(variable, '-', '_');
    return names_a_secret(variable);
}

bool is_volatile_header(std::string_view name) {
    static constexpr std::array<std::string_view, 24> names{"age",
                                                            "alt-svc",
                                                            "cf-ray",
                                                            "connection",
                                                            "content-encoding",
                                                            "content-length",
                                                            "date",
                                                            "keep-alive",
                                                            "nel",
                                                            "report-to",
                                                            "request-id",
                                                            "server-timing",
                                                            "traceparent",
                                                            "tracestate",
                                                            "trailer",
                                                            "transfer-encoding",
                                                            "via",
                                                            "x-amz-id-2",
                                                            "x-cache",
                                                            "x-cache-hits",
                                                            "x-runtime",
                                                            "x-served-by",
                                                            "x-timer",
                                                            "x-correlation-id"};
    return std::ranges::find(names, name) != names.end() || name.ends_with("-request-id");
}

bool is_secret_field(std::string_view name) {
    static constexpr std::array<std::string_view, 18> names{
        "token",  "access_token",  "refresh_token",  "id_token",   "session_token",     "jwt",
        "secret", "client_secret", "webhook_secret", "password",   "passphrase",        "private_key",
        "pem",    "api_key",       "apikey",         "secret_key", "secret_access_key", "authorization"};
    return std::ranges::find(names, lower_case(name)) != names.end();
}

// The random part of "uhost:call-0123456789abcdef01234567", by which what a request created is found again, becomes
// zeros: a replay makes another one, and has to compare equal.
void zero_markers(std::string& text) {
    constexpr std::string_view mark = "uhost:call-";
    constexpr std::size_t digits = 24;
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + mark.size())) {
        const auto first = at + mark.size();
        const auto end = std::min(text.find_first_not_of("0123456789abcdef", first), text.size());
        if (end - first == digits) text.replace(first, digits, digits, '0');
    }
}

bool is_name_byte(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

// Amazon's and Google's signed URLs (every parameter of theirs), Azure's shared access signatures, CloudFront's, and
// what APIs commonly call it.
bool grants_access(std::string_view name) {
    static constexpr std::array<std::string_view, 2> beginnings{"x-amz-", "x-goog-"};
    static constexpr std::array<std::string_view, 22> names{
        "sig",           "signature",      "token",         "access_token",  "refresh_token", "id_token",
        "private_token", "auth_token",     "job_token",     "session_token", "jwt",           "auth",
        "authorization", "secret",         "client_secret", "password",      "passwd",        "api_key",
        "apikey",        "awsaccesskeyid", "key-pair-id",   "policy"};
    const auto small = lower_case(name);
    return std::ranges::find(names, small) != names.end() ||
           std::ranges::any_of(beginnings, [&](auto beginning) { return small.starts_with(beginning); });
}

bool is_encoded(std::string_view text, std::size_t at, char first, char second) {
    return at + 2 < text.size() && text[at] == '%' && text[at + 1] == first && (text[at + 2] | 0x20) == second;
}

// The name that ends before `end`, if it stands where a parameter's name may stand; "" otherwise.
std::string_view name_before(std::string_view text, std::size_t end) {
    auto begin = end;
    while (begin > 0 && is_name_byte(text[begin - 1])) --begin;
    auto name = text.substr(begin, end - begin);
    if (begin == 0) return name;  // a form
    const char before = text[begin - 1];
    if (before == '?' || before == '&' || before == ';' || before == '#') return name;
    const auto skips = [&](std::string_view separator) {
        if (name.size() <= separator.size()) return false;
        return lower_case(name.substr(0, separator.size())) == separator;
    };
    if (before == '%' && (skips("26") || skips("3f"))) return name.substr(2);
    if (before == '\\' && skips("u0026")) return name.substr(5);
    return {};
}

bool ends_value(char c) {
    return static_cast<unsigned char>(c) <= ' ' || std::string_view("&;\"'<>#\\)]},").find(c) != std::string_view::npos;
}

std::size_t end_of_value(std::string_view text, std::size_t begin, bool encoded) {
    auto end = begin;
    while (end < text.size() && !ends_value(text[end]) && !(encoded && is_encoded(text, end, '2', '6'))) ++end;
    return end;
}

}  // namespace

void Scrubber::learn_value(std::string_view value) {
    if (value.size() < min_learned_bytes || value.find_first_not_of('*') == std::string_view::npos) return;
    if (learned_.size() >= max_learned || std::ranges::find(learned_, value) != learned_.end()) return;
    const auto shorter = [&](const std::string& other) { return other.size() < value.size(); };
    learned_.insert(std::ranges::find_if(learned_, shorter), std::string(value));
}

// "Bearer SECRET", "Basic BASE64 of user:SECRET", or a scheme of its own with the secret in it somewhere.
void Scrubber::learn_authorization(std::string_view value) {
    learn_value(value);
    const auto blank = value.find(' ');
    if (blank == std::string_view::npos) return;
    const auto begin = value.find_first_not_of(' ', blank);
    if (begin == std::string_view::npos) return;  // a scheme alone: "Bearer "
    const auto secret = value.substr(begin);
    learn_value(secret);
    if (lower_case(value.substr(0, blank)) != "basic") return;
    const auto decoded = decode_base64(secret);
    if (!decoded) return;
    learn_value(*decoded);
    if (const auto colon = decoded->find(':'); colon != std::string::npos) {
        learn_value(std::string_view(*decoded).substr(colon + 1));
    }
}

void Scrubber::learn(const Headers& headers) {
    for (const auto& [given, value] : headers) {
        const auto name = lower_case(given);
        if (!is_secret_header(name)) continue;
        if (!is_cookie(name)) {
            learn_authorization(value);
            continue;
        }
        // Of Set-Cookie only the first pair is secret: attributes such as Path follow. Cookie is all pairs.
        for (std::size_t begin = 0; begin < value.size();) {
            const auto end = std::min(value.find(';', begin), value.size());
            const auto pair = std::string_view(value).substr(begin, end - begin);
            if (const auto equals = pair.find('='); equals != std::string_view::npos)
                learn_value(pair.substr(equals + 1));
            if (name != "cookie") break;
            begin = end + 1;
        }
    }
}

std::string Scrubber::text(std::string_view text) const {
    auto clean = vault_.mask(text);
    for (const auto& secret : learned_) {
        for (auto at = clean.find(secret); at != std::string::npos; at = clean.find(secret, at + 3)) {
            clean.replace(at, secret.size(), "***");
        }
    }
    zero_markers(clean);
    return without_url_credentials(clean);
}

void Scrubber::json(nlohmann::json& value) {
    learn_fields(value);
    clean(value);
}

void Scrubber::learn_fields(const nlohmann::json& value) {
    if (!value.is_structured()) return;
    for (const auto& [name, field] : value.items()) {
        if (value.is_object() && field.is_string() && is_secret_field(name)) {
            learn_value(field.get_ref<const std::string&>());
        } else {
            learn_fields(field);
        }
    }
}

void Scrubber::clean(nlohmann::json& value) const {
    if (value.is_string()) {
        value = text(value.get_ref<const std::string&>());
    } else if (value.is_array()) {
        for (auto& item : value) clean(item);
    } else if (value.is_object()) {
        auto fields = nlohmann::json::object();
        for (auto& [name, field] : value.items()) {
            if (field.is_string() && is_secret_field(name)) {
                if (!field.get_ref<const std::string&>().empty()) field = "***";
            } else {
                clean(field);
            }
            fields[text(name)] = std::move(field);
        }
        value = std::move(fields);
    }
}

Headers Scrubber::headers(const Headers& received) const {
    Headers kept;
    for (const auto& [given, value] : received) {
        auto name = lower_case(given);
        if (!is_secret_header(name) && !is_volatile_header(name)) kept.emplace_back(std::move(name), text(value));
    }
    return kept;
}

std::string without_url_credentials(std::string_view text) {
    std::string clean;
    std::size_t copied = 0;
    for (std::size_t at = text.find_first_of("=%"); at != std::string_view::npos; at = text.find_first_of("=%", at)) {
        const bool encoded = is_encoded(text, at, '3', 'd');
        const std::size_t value = at + (encoded ? 3 : 1);
        if ((text[at] == '%' && !encoded) || !grants_access(name_before(text, at))) {
            at = value;
            continue;
        }
        const auto end = end_of_value(text, value, encoded);
        if (end > value) clean.append(text, copied, value - copied).append("***");
        if (end > value) copied = end;
        at = std::max(end, value);
    }
    return clean.append(text, copied);
}

}  // namespace uhost::http
