#include <catch2/catch.hpp>
#include <random>

#include "api/json/syntax_error.hpp"
#include "api/json/write.hpp"

using namespace uhost::json;

namespace {

std::string quoted(std::string_view text, bool replace = false) {
    std::string out;
    REQUIRE_FALSE(append_string(out, text, replace));
    return out;
}

std::string number(double value) {
    std::string out;
    append_number(out, value);
    return out;
}

}  // namespace

TEST_CASE("json positions: lines and columns count from 1, columns in code points") {
    const std::string_view text = "a\né→x\n";
    CHECK(position_of(text, 0).line == 1);
    CHECK(position_of(text, 0).column == 1);
    CHECK(position_of(text, text.find('x')).line == 2);
    CHECK(position_of(text, text.find('x')).column == 3);
    CHECK(position_of(text, 1000).line == 3);
    CHECK(position_of(text, 1000).column == 1);
    CHECK(position_of("", 0).column == 1);
}

TEST_CASE("json excerpts: stay on the line, whole code points, nothing that upsets a terminal") {
    const std::string long_line = "first\n" + std::string(50, 'x') + "é" + std::string(50, 'y') + "\nlast";
    for (std::size_t offset = 0; offset <= long_line.size(); ++offset) {
        const auto excerpt = excerpt_around(long_line, offset);
        CHECK(excerpt.size() <= 41);
        CHECK(excerpt.find('\n') == std::string::npos);
        CHECK(excerpt.find('?') == std::string::npos);
    }
    CHECK(excerpt_around("a\tb\x1b[0m\xff", 3) == "a b [0m?");
}

TEST_CASE("json strings: escapes are the short ones, other text is left alone") {
    CHECK(quoted("plain /é😀\x7f") == "\"plain /é😀\x7f\"");
    CHECK(quoted(std::string_view("\"\\\b\f\n\r\t\0\x1f", 9)) == R"("\"\\\b\f\n\r\t\u0000\u001f")");
    std::string out;
    CHECK(append_string(out, "ab\xff", false) == std::optional<std::size_t>(2));
    CHECK(quoted("a\xff\xe2\x82z", true) == "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\"");
}

TEST_CASE("json numbers: every finite double reads back as itself") {
    CHECK(number(0) == "0");
    CHECK(number(-0.0) == "-0.0");
    CHECK(number(1e15) == "1000000000000000");
    CHECK(number(9007199254740992) == "9007199254740992");
    CHECK(number(0.1) == "0.1");
    std::mt19937_64 random(1);
    for (int i = 0; i < 100'000; ++i) {
        const auto value = std::bit_cast<double>(random());
        if (!std::isfinite(value)) continue;
        if (std::stod(number(std::fabs(value) < 1e-307 ? 0 : value)) != (std::fabs(value) < 1e-307 ? 0 : value))
            FAIL(number(value));
    }
}

TEST_CASE("json errors: a message has one line and does not repeat the whole text") {
    const auto text = "[\"" + std::string(100'000, 'x') + "\n";
    const auto error =
        syntax_error(text, text.size(), std::string(text.size(), 'x'),
                     "[json.exception.parse_error.101] parse error at line 1, column 9: syntax error while parsing "
                     "value - invalid string: missing closing quote; last read: '" +
                         text + "'");
    CHECK(error.message().size() < 200);
    CHECK(error.native().size() < 300);
    CHECK(error.message().find('\n') == std::string::npos);
}
