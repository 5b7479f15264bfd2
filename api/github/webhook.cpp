#include "api/github/webhook.hpp"

#include <openssl/crypto.h>

#include <string>

#include "api/github/keyed_hash.hpp"

namespace uhost::github {

bool is_webhook_signature(std::string_view payload, std::string_view secret, std::string_view signature) {
    const auto expected = "sha256=" + keyed_hash(secret, payload);
    return signature.size() == expected.size() &&
           CRYPTO_memcmp(signature.data(), expected.data(), expected.size()) == 0;
}

}  // namespace uhost::github
