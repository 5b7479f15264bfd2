#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "api/http/line_splitter.hpp"

using namespace uhost::http;

namespace {

std::vector<std::string> lines_of(const std::vector<std::string>& pieces) {
    std::vector<std::string> lines;
    LineSplitter splitter;
    const auto add = [&](std::string_view line) { lines.emplace_back(line); };
    for (const auto& piece : pieces) splitter.feed(piece, add);
    splitter.finish(add);
    CHECK(splitter.pending_bytes() == 0);
    return lines;
}

}  // namespace

TEST_CASE("lines are the same however the bytes are cut into pieces") {
    const std::string text = "one\r\n\ntwo\rthree\r\n\r\n\n a longer line \nwithout an end\r";
    const auto expected = lines_of({text});
    CHECK(expected == std::vector<std::string>{"one", "", "two\rthree", "", "", " a longer line ", "without an end\r"});
    std::mt19937 random(1);
    for (int round = 0; round < 500; ++round) {
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < text.size();) {
            const auto length = random() % 8;
            pieces.push_back(text.substr(at, length));
            at += length;
        }
        CHECK(lines_of(pieces) == expected);
    }
}

TEST_CASE("a line of any length takes no more than its limit in memory") {
    LineSplitter splitter;
    std::size_t pieces = 0, bytes = 0;
    const std::string piece(64 * 1024, 'x');
    for (int i = 0; i < 100; ++i) {
        splitter.feed(piece, [&](std::string_view line) {
            ++pieces;
            bytes += line.size();
        });
        CHECK(splitter.pending_bytes() <= LineSplitter::max_line_bytes);
    }
    CHECK(pieces >= 5);
    CHECK(bytes + splitter.pending_bytes() == 100 * piece.size());
}
