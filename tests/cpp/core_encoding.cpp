#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <string>

#include "host/core/encoding.hpp"
#include "host/core/iso_time.hpp"

using namespace uhost;

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

TEST_CASE("Base64 with wrong padding is refused") {
    for (const auto text : {"Z", "Zg", "Zg=", "=", "====", "Z===", "Zg==Zg==", "Zg===", "Zm9v=", "Zm=v"}) {
        CHECK_FALSE(decode_base64(text));
    }
}

TEST_CASE("hexadecimal and percent-encoding") {
    using namespace std::string_view_literals;
    CHECK(encode_hex("\x00\x0f\xa0\xff"sv) == "000fa0ff");
    CHECK(encode_percent("a-Z_0.9~") == "a-Z_0.9~");
    CHECK(encode_percent("a b/é%\n"sv) == "a%20b%2F%C3%A9%25%0A");
}

TEST_CASE("ISO times: the whole range, before 1970 and beyond four digits") {
    CHECK(iso_time(0) == "1970-01-01T00:00:00Z");
    CHECK(iso_time(-1) == "1969-12-31T23:59:59Z");
    CHECK(iso_time(951782399) == "2000-02-28T23:59:59Z");
    CHECK(iso_time(951782400) == "2000-02-29T00:00:00Z");
    CHECK(iso_time(4107542400) == "2100-03-01T00:00:00Z");
    CHECK(iso_time(-62135596800) == "0001-01-01T00:00:00Z");
    CHECK(iso_time(253402300799) == "9999-12-31T23:59:59Z");
    CHECK(iso_time(253402300800) == "+10000-01-01T00:00:00Z");
    CHECK(iso_time(-62167219201) == "-0001-12-31T23:59:59Z");
    CHECK(iso_time(std::numeric_limits<std::int64_t>::max()).ends_with("Z"));
}
