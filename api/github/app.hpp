#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace uhost::github {

/// A GitHub App's private key, with which it says who it is.
/// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
class AppKey {
public:
    /// From a PEM file as GitHub gives it out (PKCS #1, or PKCS #8 after a conversion). Throws `github.auth`, which
    /// names what the file is instead: not there, a public key, a certificate, encrypted, damaged, not RSA.
    static AppKey read(const std::filesystem::path& file);
    /// The same from the text; `source` names it in errors.
    static AppKey parse(std::string_view pem, std::string_view source);

    /// The JSON Web Token (RFC 7519) of the App `app_id`, signed with RS256 (RFC 7518). It counts as made a minute
    /// before `now_s`, seconds since 1970, so that a clock which is a little ahead does no harm, and is good until 8
    /// minutes after; GitHub allows 10 from one to the other.
    std::string token(std::string_view app_id, std::int64_t now_s) const;

private:
    struct FreeKey {
        void operator()(evp_pkey_st* key) const;
    };
    explicit AppKey(evp_pkey_st* key) : key_(key) {}

    std::string sign(std::string_view text) const;

    std::unique_ptr<evp_pkey_st, FreeKey> key_;
};

/// Base64 for URLs, without padding (RFC 4648, 5).
std::string base64_url(std::string_view bytes);

/// What GitHub gives an App for one of its installations.
struct InstallationToken {
    std::string token;
    std::int64_t expires_at = 0;  ///< seconds since 1970
};

/// From the body of `POST /app/installations/{id}/access_tokens`. Throws `github.protocol` for any other body,
/// without quoting it.
InstallationToken parse_installation_token(std::string_view body);

}  // namespace uhost::github
