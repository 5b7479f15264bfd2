#include "api/github/webhook.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>

#include "host/core/error.hpp"

namespace uhost::github {
namespace {

constexpr std::string_view prefix = "sha256=";

std::string lower_hex(const unsigned char* bytes, std::size_t count) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * count);
    for (std::size_t i = 0; i < count; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

}  // namespace

bool is_webhook_signature(std::string_view payload, std::string_view secret, std::string_view signature) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(payload.data()), payload.size(), digest.data(), &size) == nullptr) {
        throw Error("github.failed", "the signature of a webhook's payload cannot be computed");
    }
    const auto expected = std::string(prefix) + lower_hex(digest.data(), size);
    return signature.size() == expected.size() &&
           CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) == 0;
}

}  // namespace uhost::github
