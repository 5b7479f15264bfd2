#include "api/github/app.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <new>
#include <optional>

#include "host/core/encoding.hpp"
#include "host/core/error.hpp"
#include "host/core/file.hpp"

namespace uhost::github {
namespace {

constexpr std::size_t max_key_file_bytes = 64 * 1024;
constexpr std::int64_t made_before_s = 60, good_for_s = 8 * 60;

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeDigest {
    void operator()(EVP_MD_CTX* digest) const { EVP_MD_CTX_free(digest); }
};

std::string openssl_errors() {
    std::string first;
    while (const auto code = ERR_get_error()) {
        char line[256];
        ERR_error_string_n(code, line, sizeof line);
        if (first.empty()) first = line;
    }
    return first;
}

Error bad_key(std::string_view source, std::string_view problem) {
    return Error("github.auth", fmt::format("{} {}", source, problem))
        .hint(
            "name the .pem file that GitHub gave out under 'Private keys' of the App's settings in "
            "github.app_key_file (UHOST_GITHUB_APP_KEY_FILE)");
}

// What a file that holds no private key holds instead.
std::string_view problem_of(std::string_view pem) {
    const auto has = [&](std::string_view words) { return pem.find(words) != std::string_view::npos; };
    if (has("ENCRYPTED")) return "is protected by a passphrase, which nobody could enter";
    if (has("OPENSSH PRIVATE KEY")) return "is a key for ssh, not that of a GitHub App";
    if (has("PRIVATE KEY-----")) return "is damaged: its private key cannot be read";
    if (has("PUBLIC KEY-----")) return "holds the public key, not the private one";
    if (has("CERTIFICATE-----")) return "holds a certificate, not a private key";
    return "does not hold a private key in PEM form";
}

int no_passphrase(char*, int, int, void*) { return 0; }

constexpr std::size_t max_token_bytes = 4096;

// "2026-01-31T12:00:00Z", as all of GitHub's times are.
std::optional<std::int64_t> seconds_of(const std::string& text) {
    int year = 0, hour = 0, minute = 0, second = 0;
    unsigned month = 0, day = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok()) return std::nullopt;
    const auto moment = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute);
    return std::chrono::duration_cast<std::chrono::seconds>(moment.time_since_epoch()).count() + second;
}

std::string text_at(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

void AppKey::FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

AppKey AppKey::read(const std::filesystem::path& file) {
    const auto source = fmt::format("the App's key file {}", file.string());
    std::string pem;
    try {
        pem = read_file(file, max_key_file_bytes);
    } catch (const Error& error) {
        throw bad_key(source, "cannot be read").native(error.message());
    }
    return parse(pem, source);
}

AppKey AppKey::parse(std::string_view pem, std::string_view source) {
    ERR_clear_error();
    const std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bio) throw std::bad_alloc();
    AppKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
    if (!key.key_) throw bad_key(source, problem_of(pem)).native(openssl_errors());
    if (EVP_PKEY_get_base_id(key.key_.get()) != EVP_PKEY_RSA) throw bad_key(source, "is not an RSA key");
    return key;
}

std::string AppKey::sign(std::string_view text) const {
    const std::unique_ptr<EVP_MD_CTX, FreeDigest> digest(EVP_MD_CTX_new());
    if (!digest) throw std::bad_alloc();
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t length = 0;
    std::string signature;
    if (EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
        EVP_DigestSign(digest.get(), nullptr, &length, bytes, text.size()) == 1) {
        signature.resize(length);
        if (EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, bytes,
                           text.size()) == 1) {
            signature.resize(length);
            return signature;
        }
    }
    throw Error("github.auth", "the App's key cannot sign").native(openssl_errors());
}

std::string AppKey::token(std::string_view app_id, std::int64_t now_s) const {
    const nlohmann::json header{{"alg", "RS256"}, {"typ", "JWT"}};
    const nlohmann::json claims{{"iat", now_s - made_before_s}, {"exp", now_s + good_for_s}, {"iss", app_id}};
    const auto text = base64_url(header.dump()) + "." + base64_url(claims.dump());
    return text + "." + base64_url(sign(text));
}

std::string base64_url(std::string_view bytes) {
    auto text = encode_base64(bytes);
    text.resize(std::min(text.size(), text.find('=')));
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

InstallationToken parse_installation_token(std::string_view body) {
    const auto object = nlohmann::json::parse(body, nullptr, false);
    if (object.is_object()) {
        InstallationToken made{text_at(object, "token"), 0};
        const auto expires_at = seconds_of(text_at(object, "expires_at"));
        if (!made.token.empty() && made.token.size() <= max_token_bytes && expires_at) {
            made.expires_at = *expires_at;
            return made;
        }
    }
    throw Error("github.protocol", "GitHub's answer to the request for a token holds no token")
        .hint("check github.api_url; a proxy in between may answer in GitHub's place");
}

}  // namespace uhost::github
