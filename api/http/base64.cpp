#include "api/http/base64.hpp"

#include <openssl/evp.h>

#include <limits>
#include <memory>
#include <new>

namespace uhost::http {

std::string encode_base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // it writes a NUL behind it
    const auto* in = reinterpret_cast<const unsigned char*>(bytes.data());
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), in, static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) / 2) return std::nullopt;
    const std::unique_ptr<EVP_ENCODE_CTX, decltype(&EVP_ENCODE_CTX_free)> context(EVP_ENCODE_CTX_new(),
                                                                                  EVP_ENCODE_CTX_free);
    if (!context) throw std::bad_alloc();
    EVP_DecodeInit(context.get());
    std::string bytes(text.size() + 4, '\0');
    auto* out = reinterpret_cast<unsigned char*>(bytes.data());
    int written = 0, rest = 0;
    if (EVP_DecodeUpdate(context.get(), out, &written, reinterpret_cast<const unsigned char*>(text.data()),
                         static_cast<int>(text.size())) < 0 ||
        EVP_DecodeFinal(context.get(), out + written, &rest) != 1) {
        return std::nullopt;
    }
    bytes.resize(static_cast<std::size_t>(written) + static_cast<std::size_t>(rest));
    return bytes;
}

}  // namespace uhost::http
