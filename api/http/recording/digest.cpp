#include "api/http/recording/digest.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

#include "host/core/encoding.hpp"

namespace uhost::http {

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    unsigned int length = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
    return encode_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace uhost::http
