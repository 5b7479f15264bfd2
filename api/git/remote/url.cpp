#include "api/git/remote/url.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "host/core/error.hpp"

namespace uhost::git {
namespace {

struct Scheme {
    std::string_view name, port;
};
constexpr std::array<Scheme, 5> schemes{
    {{"https", "443"}, {"http", "80"}, {"ssh", "22"}, {"git", "9418"}, {"file", ""}}};

std::string port_of(std::string_view scheme) {
    const auto known = std::ranges::find(schemes, scheme, &Scheme::name);
    return known == schemes.end() ? std::string() : std::string(known->port);
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped =
            text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
        if (!escaped) {
            decoded += text[i];
            continue;
        }
        decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
        i += 2;
    }
    return decoded;
}

void set_host(std::string_view authority, RemoteUrl& url) {
    const auto bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    auto host = authority.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    url.host = lower(host);
    if (colon != std::string_view::npos && colon + 1 < authority.size()) url.port = authority.substr(colon + 1);
}

void set_authority(std::string_view authority, RemoteUrl& url) {
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto user = authority.substr(0, at);
        const auto colon = user.find(':');
        url.user = decode(user.substr(0, colon));
        if (colon != std::string_view::npos) url.password = decode(user.substr(colon + 1));
        authority.remove_prefix(at + 1);
    }
    set_host(authority, url);
}

void check_text(std::string_view text) {
    const bool control = std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (text.empty() || control) throw Error("git.url", "the URL is empty or has control characters");
    if (text.starts_with('-')) {
        throw Error("git.url", "a URL cannot start with a dash")
            .hint("write './" + std::string(text) + "' for a folder");
    }
}

// A leading dash would be an option to ssh; a line feed that hid behind a percent sign, a line to a credential helper.
void check_host(const RemoteUrl& url) {
    check_text(url.user.empty() ? "none" : url.user);
    if (!url.host.empty() && !url.host.starts_with('-') && !url.user.starts_with('-')) return;
    throw Error("git.url", "the URL names no host").hint("write " + url.scheme + "://HOST/PATH");
}

// "user@host:path", as scp has it: a colon before any slash. A single letter is a drive elsewhere.
std::optional<RemoteUrl> parse_scp_form(std::string_view text) {
    const auto colon = text.find(':');
    const auto slash = text.find('/');
    if (colon == std::string_view::npos || colon == 0 || slash < colon) return std::nullopt;
    RemoteUrl url;
    url.scheme = "ssh";
    url.port = port_of(url.scheme);
    set_authority(text.substr(0, colon), url);
    check_host(url);
    url.path = text.substr(colon + 1);
    return url;
}

}  // namespace

RemoteUrl parse_remote_url(std::string_view text) {
    check_text(text);
    if (const auto colons = text.find("::"); colons != std::string_view::npos && colons < text.find_first_of("/[")) {
        throw Error("git.url",
                    "cannot run the helper program '" + std::string(text.substr(0, colons)) + "' for a remote")
            .hint("use https://, ssh://, git://, file:// or a path");
    }
    const auto end = text.find("://");
    if (end == std::string_view::npos) {
        if (auto url = parse_scp_form(text)) return *url;
        RemoteUrl local;
        local.path = text;
        return local;
    }
    RemoteUrl url;
    url.scheme = lower(text.substr(0, end));
    if (std::ranges::find(schemes, url.scheme, &Scheme::name) == schemes.end()) {
        throw Error("git.url", "cannot speak '" + url.scheme.substr(0, 40) + "' to a remote")
            .hint("use https://, ssh://, git://, file:// or a path");
    }
    url.port = port_of(url.scheme);
    const auto rest = text.substr(end + 3);
    const auto slash = rest.find('/');
    set_authority(rest.substr(0, slash), url);
    if (slash != std::string_view::npos) url.path = rest.substr(slash);
    if (!url.is_local()) check_host(url);
    return url;
}

std::string without_credentials(std::string_view text) {
    const auto end = text.find("://");
    if (end == std::string_view::npos) return std::string(text);
    const auto begin = end + 3;
    const auto slash = std::min(text.find('/', begin), text.size());
    const auto at = text.substr(0, slash).rfind('@');
    if (at == std::string_view::npos || at < begin) return std::string(text);
    const auto user = text.substr(begin, at - begin);
    std::string kept(text.substr(0, begin));
    if (lower(text.substr(0, end)) == "ssh") kept.append(user.substr(0, user.find(':'))).append("@");
    return kept.append(text.substr(at + 1));
}

}  // namespace uhost::git
