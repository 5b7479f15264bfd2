#include <catch2/catch.hpp>
#include <random>

#include "api/log_text/block.hpp"
#include "api/log_text/line_cleaner.hpp"
#include "api/log_text/log.hpp"
#include "api/log_text/raw_lines.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::log_text;

namespace {

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead < 0x80                    ? 1
                                 : lead >= 0xF0 && lead <= 0xF4 ? 4
                                 : lead >= 0xE0                 ? 3
                                 : lead >= 0xC2                 ? 2
                                                                : 0;
        if (size == 0 || lead > 0xF4 || i + size > text.size()) return false;
        for (std::size_t k = 1; k < size; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return false;
        }
        i += size;
    }
    return true;
}

/// Lines made of all that makes trouble.
class Trouble {
public:
    explicit Trouble(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t most) { return random_() % most; }

    std::string line() {
        static const std::vector<std::string> pieces{"text",
                                                     "\x1b[31m",
                                                     "\x1b[0K",
                                                     "\x1b]0;t\a",
                                                     "\x1b]8;;x\x1b\\",
                                                     "\x1b",
                                                     "\x1b[",
                                                     "\x1b]",
                                                     "\x1b[38;5;1",
                                                     "\x1bP",
                                                     "\r",
                                                     "\r\r",
                                                     "\b",
                                                     std::string(1, '\0'),
                                                     "\xFF",
                                                     "\xC3",
                                                     "é",
                                                     "\xE2\x82",
                                                     "\xF0\x9F\x98\x80",
                                                     "\xED\xA0\x80",
                                                     "\xEF\xBB\xBF",
                                                     "2026-01-31T10:00:00.1234567Z ",
                                                     "2026-01-31T10:00:00Z",
                                                     "[",
                                                     "]",
                                                     "job\tstep\t",
                                                     "\t",
                                                     " ",
                                                     "travis_fold:start:x\r\x1b[0K",
                                                     "section_end:1:x\r",
                                                     "100%",
                                                     "\x9b",
                                                     "\xC2\x9B"};
        std::string line;
        for (auto count = below(12); count > 0; --count) line += pieces[below(pieces.size())];
        if (below(20) == 0) line += std::string(below(30'000), 'y');
        if (below(300) == 0) line += std::string(1'000'000 + below(100'000), "xé\r"[below(2)]);
        return line;
    }

private:
    std::mt19937 random_;
};

std::string cleaned(std::string_view raw) {
    LineCleaner cleaner;
    return cleaner.clean({raw});
}

}  // namespace

TEST_CASE("log text: whatever a line holds, the cleaned one is short UTF-8 without control over the terminal") {
    Trouble trouble(1);
    for (int i = 0; i < 20'000; ++i) {
        const auto raw = trouble.line();
        const auto line = cleaned(raw);
        CHECK(line.size() <= LineCleaner::longest);
        CHECK(is_utf8(line));
        CHECK(line.find_first_of(std::string_view("\x1b\r\b\n\0", 5)) == line.npos);
    }
}

TEST_CASE("log text: a line with nothing to clean stays as it is") {
    for (const char* text :
         {"", " ", "plain", "\ttabs\tand  blanks ", "é ü 漢字 😀", "##[group]Run x", "[1m", "a\x7f\x01z"}) {
        CHECK(cleaned(text) == text);
    }
}

TEST_CASE("log text: escape sequences that are broken off take no text with them") {
    CHECK(cleaned("a\x1b]0;never ends") == "a0;never ends");
    CHECK(cleaned("a\x1b[31") == "a");
    CHECK(cleaned("a\x1b") == "a");
    CHECK(cleaned("a\x1b[3\xC3\xA9") == "aé");
    CHECK(cleaned("\x1b[?25lx\x1b[1;2Hy\x1b(0z\x1b=w") == "xyzw");
}

TEST_CASE("log text: reading in blocks gives what each line by itself gives") {
    const TemporaryFolder folder;
    Trouble trouble(2);
    for (int round = 0; round < 12; ++round) {
        std::string content;
        std::vector<std::string> raws;
        for (auto count = trouble.below(800); count > 0; --count) {
            auto raw = trouble.line();
            if (raw.size() > 100'000) raw.resize(100'000);  // longer ones lose their middle sooner
            if (raws.empty() && (raw.starts_with("\xFF") || raw.starts_with("\xFE"))) continue;
            content += raw + "\n";
            raws.push_back(std::move(raw));
        }
        if (!raws.empty() && !raws.back().empty() && round % 2 == 0) content.pop_back();
        const auto file = SourceFile::open(folder.write("log", content), {});
        BlockReader reader(*file, 0, 1, UINT64_MAX);
        Block block, before;
        std::size_t next = 0;
        for (bool more = true; more;) {
            std::swap(block, before);
            block.begin_behind(before, 5);
            more = reader.next(block, {});
            for (; next < raws.size() && next + 1 <= block.last_number(); ++next) {
                REQUIRE(block.line(next + 1) == cleaned(raws[next]));
            }
        }
        CHECK(next == raws.size());
        CHECK(reader.lines() == raws.size());
        Log log(file);
        log.make_index({});
        CHECK(log.lines() == raws.size());
        for (int k = 0; k < 50 && !raws.empty(); ++k) {
            const auto number = trouble.below(raws.size());
            CHECK(log.line(number + 1)->text == cleaned(raws[number]));
            CHECK(log.raw(number + 1) == raws[number]);
        }
    }
}

TEST_CASE("log text: a line of any length is read in constant memory, with both its ends") {
    const TemporaryFolder folder;
    const auto file = folder.write("log", "first\nbegin " + std::string(5'000'000, 'x') + " end\nlast");
    const auto source = SourceFile::open(file, {});
    RawReader reader(*source, 0, 2 * RawReader::kept_of_long_line);
    CHECK(reader.next()->head == "first");
    const auto line = reader.next();
    CHECK(line->head.starts_with("begin xxx"));
    CHECK(line->tail.ends_with("xxx end"));
    CHECK(line->head.size() + line->tail.size() + line->left_out == 5'000'010);
    CHECK(line->head.size() + line->tail.size() <= 2 * RawReader::kept_of_long_line);
    CHECK(reader.next()->head == "last");
    CHECK_FALSE(reader.next());
}

TEST_CASE("log text: an index of many lines stays small and finds each") {
    LineIndex index;
    for (std::uint64_t i = 0; i < 10'000'000; ++i) index.add(10 * i);
    CHECK(index.lines() == 10'000'000);
    for (const std::uint64_t line : {0ULL, 1ULL, 63ULL, 64ULL, 123'456ULL, 9'999'999ULL}) {
        const auto place = index.before(line);
        CHECK(place.line <= line);
        CHECK(place.offset == 10 * place.line);
        CHECK(line - place.line < 1'000);
    }
}
