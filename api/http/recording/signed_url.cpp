#include "api/http/recording/signed_url.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace uhost::http {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

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
    std::string small(name);
    std::ranges::transform(small, small.begin(), lower);
    return std::ranges::find(names, small) != names.end() ||
           std::ranges::any_of(beginnings, [&](auto beginning) { return small.starts_with(beginning); });
}

bool is_encoded(std::string_view text, std::size_t at, char first, char second) {
    return at + 2 < text.size() && text[at] == '%' && text[at + 1] == first && lower(text[at + 2]) == second;
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
        return std::ranges::equal(name.substr(0, separator.size()), separator, {}, lower);
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
