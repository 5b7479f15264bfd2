#include "api/http/recording/scrubber.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "api/http/recording/signed_url.hpp"
#include "host/core/encoding.hpp"
#include "host/secrets/vault.hpp"

namespace uhost::http {
namespace {

constexpr std::size_t shortest_learnt = 8;
constexpr std::size_t most_learnt = 1000;

std::string lower(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return small;
}

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
    return std::ranges::find(names, lower(name)) != names.end();
}

// The random part of "uhost:call-0123456789abcdef01234567", by which what a request created is found again, becomes
// zeros: a replay makes another one, and has to compare equal.
void level_marks(std::string& text) {
    constexpr std::string_view mark = "uhost:call-";
    constexpr std::size_t digits = 24;
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + mark.size())) {
        const auto first = at + mark.size();
        const auto end = std::min(text.find_first_not_of("0123456789abcdef", first), text.size());
        if (end - first == digits) text.replace(first, digits, digits, '0');
    }
}

}  // namespace

void Scrubber::learn_value(std::string_view value) {
    if (value.size() < shortest_learnt || value.find_first_not_of('*') == std::string_view::npos) return;
    if (learnt_.size() >= most_learnt || std::ranges::find(learnt_, value) != learnt_.end()) return;
    const auto shorter = [&](const std::string& other) { return other.size() < value.size(); };
    learnt_.insert(std::ranges::find_if(learnt_, shorter), std::string(value));
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
    if (lower(value.substr(0, blank)) != "basic") return;
    const auto decoded = decode_base64(secret);
    if (!decoded) return;
    learn_value(*decoded);
    if (const auto colon = decoded->find(':'); colon != std::string::npos) {
        learn_value(std::string_view(*decoded).substr(colon + 1));
    }
}

void Scrubber::learn(const Headers& headers) {
    for (const auto& [given, value] : headers) {
        const auto name = lower(given);
        if (!is_secret_header(name)) continue;
        if (!is_cookie(name)) {
            learn_authorization(value);
            continue;
        }
        // Attributes (Path, Expires) are learnt of no use, but the first pair of Set-Cookie and all of Cookie are.
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
    for (const auto& secret : learnt_) {
        for (auto at = clean.find(secret); at != std::string::npos; at = clean.find(secret, at + 3)) {
            clean.replace(at, secret.size(), "***");
        }
    }
    level_marks(clean);
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
        auto name = lower(given);
        if (!is_secret_header(name) && !is_volatile_header(name)) kept.emplace_back(std::move(name), text(value));
    }
    return kept;
}

}  // namespace uhost::http
