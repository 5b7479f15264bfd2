#include <catch2/catch.hpp>

#include "host/core/utf8.hpp"

using namespace uhost;

namespace {

// The sequence of a code point, written straight from the definition of UTF-8.
std::string encoded(char32_t code) {
    const auto byte = [](char32_t value) { return static_cast<char>(value); };
    if (code < 0x80) return {byte(code)};
    if (code < 0x800) return {byte(0xC0 | code >> 6), byte(0x80 | (code & 63))};
    if (code < 0x10000) return {byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 63)), byte(0x80 | (code & 63))};
    return {byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 63)), byte(0x80 | (code >> 6 & 63)),
            byte(0x80 | (code & 63))};
}

std::string from_utf16(std::string_view bytes, bool big_endian, std::size_t piece) {
    utf8::Utf16Decoder decoder(big_endian);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += piece) decoder.decode(bytes.substr(i, piece), text);
    decoder.finish(text);
    return text;
}

constexpr std::string_view invalid_sequences[]{"\x80",         "\xC0\x80",         "\xC1\xBF", "\xE0\x9F\xBF",
                                               "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xE2\x82", "\xF4\x90\x80\x80",
                                               "\xC3",         "\xF5\x80\x80\x80", "\xFF"};

}  // namespace

TEST_CASE("utf8: every code point survives a round trip, and surrogates are invalid") {
    for (char32_t code = 0; code < 0x110000; ++code) {
        const auto bytes = encoded(code);
        const bool surrogate = code >= 0xD800 && code < 0xE000;
        const auto decoded = utf8::decode(bytes);
        std::string appended;
        utf8::append(appended, code);
        const bool right =
            surrogate ? !decoded.valid && appended == utf8::replacement_character
                      : decoded.valid && decoded.value == code && decoded.bytes == bytes.size() && appended == bytes;
        if (!right) FAIL("code point " << static_cast<unsigned>(code));
    }
    std::string beyond;
    utf8::append(beyond, 0x110000);
    CHECK(beyond == utf8::replacement_character);
}

TEST_CASE("utf8: overlong forms and cut sequences are invalid") {
    for (const auto bytes : invalid_sequences) {
        CHECK_FALSE(utf8::decode(bytes).valid);
        CHECK(utf8::find_invalid("ok é" + std::string(bytes)) == 5);
    }
    CHECK(utf8::is_valid("plain, é, → and 😀"));
}

TEST_CASE("utf8: an invalid sequence is as long as its maximal subpart") {
    CHECK(utf8::decode("\xE2\x82").bytes == 2);
    CHECK(utf8::decode("\xF0\x9F\x98"
                       "a")
              .bytes == 3);
    CHECK(utf8::decode("\xE0\x9F\xBF").bytes == 1);
    CHECK(utf8::decode("\x80").bytes == 1);
}

TEST_CASE("utf8: truncating never cuts a code point") {
    const std::string_view text = "aé→😀";
    for (std::size_t size = 0; size <= text.size() + 1; ++size) {
        const auto cut = utf8::truncate(text, size);
        CHECK(cut.size() <= size);
        CHECK(utf8::is_valid(cut));
    }
    CHECK(utf8::truncate(text, 9) == "aé→");
}

TEST_CASE("utf8: UTF-16 is converted in pieces of any size, lone surrogates replaced") {
    using namespace std::string_view_literals;
    for (std::size_t piece = 1; piece < 6; ++piece) {
        CHECK(from_utf16("a\0\xe9\0\x3d\xd8\0\xde"sv, false, piece) == "aé😀");
        CHECK(from_utf16("\0a\xd8\x3d\xde\0"sv, true, piece) == "a😀");
        CHECK(from_utf16("\x3d\xd8\x61\0\0\xde"sv, false, piece) ==
              "\xEF\xBF\xBD"
              "a\xEF\xBF\xBD");
        CHECK(from_utf16("\x61\0\x3d\xd8"sv, false, piece) == "a\xEF\xBF\xBD");
        CHECK(from_utf16("\x61\0\x62"sv, false, piece) == "a\xEF\xBF\xBD");
    }
}
