#include "api/github/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <string>

#include "host/core/encoding.hpp"
#include "host/core/error.hpp"

namespace uhost::github {

std::string keyed_hash(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned length = 0;
    const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    if (made == nullptr) throw Error("internal", "libcrypto cannot compute a hash");
    return encode_hex({reinterpret_cast<const char*>(digest.data()), length});
}

std::string random_hex(std::size_t bytes) {
    std::string raw(bytes, '\0');
    auto* data = reinterpret_cast<unsigned char*>(raw.data());
    if (RAND_bytes(data, static_cast<int>(bytes)) != 1) throw Error("internal", "the system gives no random numbers");
    return encode_hex(raw);
}

bool is_webhook_signature(std::string_view payload, std::string_view secret, std::string_view signature) {
    const auto expected = "sha256=" + keyed_hash(secret, payload);
    return signature.size() == expected.size() &&
           CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) == 0;
}

}  // namespace uhost::github
