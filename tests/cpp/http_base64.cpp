#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "api/http/base64.hpp"

using namespace uhost::http;

TEST_CASE("Base64 is decoded across line ends") {
    CHECK(decode_base64("") == "");
    CHECK(decode_base64("Zg==") == "f");
    CHECK(decode_base64("Zm9v\nYmFy\n") == "foobar");
    std::string bytes(256, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i);
    CHECK(decode_base64(
              "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\r\nMDEyMzQ1Njc4OTo7PD0+Pw==\r\n") ==
          bytes.substr(0, 64));
    CHECK_FALSE(decode_base64("Zm9v*mFy"));
    CHECK_FALSE(decode_base64("Zg="));
}

TEST_CASE("Base64 gives back any bytes") {
    CHECK(encode_base64("foob") == "Zm9vYg==");
    std::mt19937 random(4648);
    for (std::size_t size = 0; size < 300; ++size) {
        std::string bytes(size, '\0');
        for (auto& byte : bytes) byte = static_cast<char>(random());
        CHECK(decode_base64(encode_base64(bytes)) == bytes);
    }
}
