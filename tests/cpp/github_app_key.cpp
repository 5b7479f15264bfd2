#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <catch2/catch.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/github/app.hpp"
#include "api/github/signature.hpp"
#include "host/core/error.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::github;
using Catch::Contains;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key rsa_key() { return {EVP_RSA_gen(2048), EVP_PKEY_free}; }

template <class Write>
std::string pem_of(const Write& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    REQUIRE(write(bio.get()) == 1);
    char* bytes = nullptr;
    const auto length = BIO_get_mem_data(bio.get(), &bytes);
    return {bytes, static_cast<std::size_t>(length)};
}

std::string private_pem(const Key& key) {  // PKCS #1, as GitHub gives it out
    return pem_of([&](BIO* bio) {
        return PEM_write_bio_PrivateKey_traditional(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

std::string pkcs8_pem(const Key& key, const char* passphrase) {
    return pem_of([&](BIO* bio) {
        return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), passphrase != nullptr ? EVP_aes_256_cbc() : nullptr,
                                             passphrase, passphrase != nullptr ? 6 : 0, nullptr, nullptr);
    });
}

std::string from_base64_url(std::string text) {
    for (auto& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    const auto padding = (4 - text.size() % 4) % 4;
    text.append(padding, '=');
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    REQUIRE(length >= 0);
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

bool is_signature(const Key& key, const std::string& text, const std::string& signature) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    REQUIRE(EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1);
    return EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

Error refusal(std::string_view pem) {
    try {
        AppKey::parse(pem, "the key file app.pem");
    } catch (const Error& error) {
        return error;
    }
    FAIL("accepted");
    return {"", ""};
}

}  // namespace

TEST_CASE("an App's token is signed with its key and says who, from when and until when") {
    const auto key = rsa_key();
    for (const auto& pem : {private_pem(key), pkcs8_pem(key, nullptr)}) {
        const auto token = AppKey::parse(pem, "").token("12345", 1'800'000'000);
        const auto first = token.find('.'), second = token.rfind('.');
        REQUIRE(first < second);
        const auto header = nlohmann::json::parse(from_base64_url(token.substr(0, first)));
        const auto claims = nlohmann::json::parse(from_base64_url(token.substr(first + 1, second - first - 1)));
        CHECK(header == nlohmann::json{{"alg", "RS256"}, {"typ", "JWT"}});
        CHECK(claims == nlohmann::json{{"iss", "12345"}, {"iat", 1'799'999'940}, {"exp", 1'800'000'480}});
        const auto signature = from_base64_url(token.substr(second + 1));
        CHECK(is_signature(key, token.substr(0, second), signature));
        CHECK_FALSE(is_signature(key, token.substr(0, second) + "x", signature));
        CHECK_FALSE(is_signature(rsa_key(), token.substr(0, second), signature));
    }
}

TEST_CASE("a file that is not an App's key says what it is instead") {
    const auto key = rsa_key();
    const auto is_refused = [](const std::string& pem, const char* words) {
        const auto error = refusal(pem);
        CHECK(error.kind() == "github.auth");
        CHECK_THAT(error.message(), Contains("the key file app.pem") && Contains(words));
        CHECK_THAT(error.hint(), Contains("github.app_key_file"));
        CHECK_THAT(error.message() + error.hint() + error.native(), !Contains("MII"));
    };
    is_refused("", "does not hold a private key");
    is_refused("ghp_0123456789", "does not hold a private key");
    is_refused(pkcs8_pem(key, "secret"), "protected by a passphrase");
    is_refused(pem_of([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.get()); }), "holds the public key");
    is_refused(private_pem(key).substr(0, 600), "is damaged");
    is_refused("-----BEGIN RSA PRIVATE KEY-----\nnonsense\n-----END RSA PRIVATE KEY-----\n", "is damaged");
    is_refused("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "a key for ssh");
    const Key curve(EVP_EC_gen("P-256"), EVP_PKEY_free);
    is_refused(pkcs8_pem(curve, nullptr), "is not an RSA key");
}

TEST_CASE("an App's key file that cannot be read is named") {
    const TemporaryFolder folder;
    CHECK_THROWS_WITH(AppKey::read(folder.path() / "none.pem"), Contains("none.pem cannot be read"));
}

TEST_CASE("base64url has the alphabet of RFC 4648 and no padding") {
    CHECK(base64_url("").empty());
    CHECK(base64_url("f") == "Zg");
    CHECK(base64_url("fo") == "Zm8");
    CHECK(base64_url("foo") == "Zm9v");
    CHECK(base64_url("\xfb\xff\xfe") == "-__-");
}

TEST_CASE("an installation's token and its end are taken from the answer") {
    const auto made =
        parse_installation_token(R"({"token":"ghs_abc","expires_at":"2026-11-21T12:00:00Z","permissions":{}})");
    CHECK(made.token == "ghs_abc");
    CHECK(made.expires_at == 1'795'262'400);
    for (const auto* body :
         {"", "[]", "{}", "<html>", R"({"token":""})", R"({"token":"ghs_secret"})",
          R"({"token":"ghs_secret","expires_at":"soon"})", R"({"token":"ghs_secret","expires_at":5})",
          R"({"token":"ghs_secret","expires_at":"2026-13-41T12:00:00Z"})"}) {
        CHECK_THROWS_WITH(parse_installation_token(body), Contains("holds no token") && !Contains("ghs_secret"));
    }
}

TEST_CASE("a keyed hash is HMAC-SHA-256") {
    // RFC 4231, test case 2.
    CHECK(keyed_hash("Jefe", "what do ya want for nothing?") ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(random_hex(12).size() == 24);
    CHECK(random_hex(12) != random_hex(12));
}
