#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <string>

#include "api/logs/line_finder.hpp"
#include "api/logs/search.hpp"
#include "api/logs/segment.hpp"
#include "api/logs/store.hpp"
#include "api/logs/writer.hpp"
#include "host/core/error.hpp"
#include "host/core/file.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::logs;
namespace stdfs = std::filesystem;

namespace {

log_text::Log log_of(const TemporaryFolder& folder, std::string_view text) {
    return log_text::Log(log_text::SourceFile::open(folder.write("source.log", text), {}));
}

/// Logs that make trouble: long lines, no lines, letters beyond ASCII, bytes that are none.
std::string random_log(std::mt19937& random, std::size_t lines) {
    static const std::vector<std::string> words{
        "error",      "LNK2019", "kiln", "\xE2\x84\xAA", "\xC5\xBF", "\xff\xfe", "\x1b[31mred\x1b[0m",
        "0123456789", "",        "a b",  "Error:",       "x"};
    std::string text;
    for (std::size_t i = 0; i < lines; ++i) {
        if (random() % 3 == 0) text += "2026-01-31T10:00:" + std::to_string(10 + random() % 50) + ".1234567Z ";
        for (auto words_left = random() % 8; words_left > 0; --words_left) text += words[random() % words.size()] + " ";
        if (random() % 500 == 0) text += std::string(random() % 20000, 'y');
        text += '\n';
    }
    return text;
}

Added add_text(Writer& writer, const TemporaryFolder& folder, std::string_view text) {
    return writer.add(log_of(folder, text), {});
}

std::vector<std::string> texts_of(const std::vector<Store::Line>& lines) {
    std::vector<std::string> texts;
    for (const auto& line : lines) texts.push_back(line.text);
    return texts;
}

void overwrite(const stdfs::path& file, std::uint64_t at, std::string_view bytes) {
    const int descriptor = ::open(file.c_str(), O_WRONLY);
    REQUIRE(::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(at)) ==
            static_cast<ssize_t>(bytes.size()));
    ::close(descriptor);
}

std::uint64_t count(const stdfs::path& folder, const std::string& pattern, const std::vector<Extent>& extents) {
    const LinePattern compiled(pattern, {});
    std::uint64_t total = 0;
    SearchOptions options;
    options.counts_all = true;
    for (const auto each : search(folder, compiled, extents, options, {}).counts) total += each;
    return total;
}

}  // namespace

TEST_CASE("logs come back line by line as log_text cleans them", "[logs]") {
    const TemporaryFolder folder;
    std::mt19937 random(7);
    const Vault vault;
    std::vector<std::pair<Added, std::vector<log_text::Log::Line>>> added;
    {
        Writer writer(folder.path() / "logs", vault, false);
        for (int i = 0; i < 30; ++i) {
            auto log = log_of(folder, random_log(random, random() % 4000));
            log.make_index({});
            std::vector<log_text::Log::Line> lines;
            for (std::uint64_t n = 1; n <= *log.lines(); ++n) lines.push_back(*log.line(n));
            added.emplace_back(writer.add(log, {}), std::move(lines));
            if (i % 7 == 3) writer.commit();
        }
        writer.commit();
    }
    Store store(folder.path() / "logs");
    for (const auto& [log, expected] : added) {
        const auto lines = store.lines(log.segment, log.first_line, log.lines);
        REQUIRE(lines.size() == expected.size());
        for (std::size_t i = 0; i < lines.size(); ++i) {
            REQUIRE(lines[i].text == expected[i].text);
            REQUIRE(lines[i].time.has_value() == expected[i].time.has_value());
            if (lines[i].time)
                REQUIRE(std::abs(static_cast<double>(*lines[i].time) / 1000 - *expected[i].time) < 0.001);
        }
    }
}

TEST_CASE("logs: a search finds what matching each line finds", "[logs]") {
    const TemporaryFolder folder;
    std::mt19937 random(11);
    const Vault vault;
    std::vector<Extent> extents;
    {
        Writer writer(folder.path() / "logs", vault, false);
        for (int i = 0; i < 20; ++i) {
            const auto log = add_text(writer, folder, random_log(random, 200 + random() % 3000));
            extents.push_back({log.segment, log.first_line, log.lines});
            if (i % 3 == 0) writer.commit();
        }
        writer.commit();
    }
    Store store(folder.path() / "logs");
    std::ranges::shuffle(extents, random);
    for (const std::string pattern : {"error", "(?i)ERROR", "LNK\\d+", "k", "(?i)k", "(?i)s$", "^$", "y{100}",
                                      "^[^e]*$", "kiln|Error:", "nowhere to be found", "K\\d\\d19", "0[0-9]{3}[4-5]",
                                      "[^a]\\d+$", "[12]3|LNK[0-9]", "x (?=LNK)", "(a b) \\1"}) {
        INFO(pattern);
        const LinePattern compiled(pattern, {});
        SearchOptions options;
        options.max_hits = 1'000'000;
        options.counts_all = true;
        const auto found = search(folder.path() / "logs", compiled, extents, options, {});
        re::Matcher matcher(re::Regex::get(pattern));
        std::size_t total = 0;
        for (std::size_t i = 0; i < extents.size(); ++i) {
            std::uint64_t expected = 0;
            for (const auto& line : store.lines(extents[i].segment, extents[i].first_line, extents[i].lines)) {
                if (matcher.find(line.text)) ++expected;
            }
            REQUIRE(found.counts[i] == expected);
            total += expected;
        }
        REQUIRE(found.hits.size() == total);
        for (const auto& hit : found.hits) {
            const auto& extent = extents[hit.extent];
            const auto line = store.lines(extent.segment, extent.first_line + hit.line - 1, 1);
            REQUIRE(line.at(0).text == hit.text);
        }
    }
}

TEST_CASE("logs: filters rule out blocks without a text, and never one with it", "[logs]") {
    std::mt19937 random(3);
    for (int round = 0; round < 50; ++round) {
        const auto text = random_log(random, 300);
        const auto filter = make_filter(text);
        REQUIRE((filter.size() & (filter.size() - 1)) == 0);
        for (int i = 0; i < 200; ++i) {
            const auto at = random() % text.size();
            const auto piece = text.substr(at, 3 + random() % 12);
            if (piece.find('\n') == piece.npos) REQUIRE(may_have(filter, grams_of(piece)));
        }
        CHECK_FALSE(may_have(filter, grams_of("qwertzuiop")));
    }
}

TEST_CASE("logs: what was not committed is cut off, and what was committed stays", "[logs]") {
    const TemporaryFolder folder;
    const auto logs_folder = folder.path() / "logs";
    const Vault vault;
    Added first{};
    {
        Writer writer(logs_folder, vault, false);
        first = add_text(writer, folder, "kept one\nkept two\n");
        writer.commit();
        add_text(writer, folder, "never committed\n");
    }
    const auto file = segment_file(logs_folder, first.segment), index = index_file(logs_folder, first.segment);
    const auto size = stdfs::file_size(file), index_size = stdfs::file_size(index);

    SECTION("after a block that was written in part") {
        std::ofstream(file, std::ios::app | std::ios::binary) << std::string(1000, 'z');
    }
    SECTION("after a record of the index that was written in part") {
        const auto content = read_file(index, 1 << 20);
        std::ofstream(file, std::ios::app | std::ios::binary) << read_file(file, 1 << 20);
        std::ofstream(index, std::ios::app | std::ios::binary) << content.substr(0, content.size() / 2);
    }
    Writer writer(logs_folder, vault, false);
    const auto second = add_text(writer, folder, "kept three\n");
    writer.commit();
    CHECK(second.segment == first.segment);
    CHECK(second.first_line == 2);
    Store store(logs_folder);
    CHECK(texts_of(store.lines(first.segment, 0, 10)) ==
          std::vector<std::string>{"kept one", "kept two", "kept three"});
    CHECK(stdfs::file_size(file) > size);
    CHECK(stdfs::file_size(index) > index_size);
    Dictionaries dictionaries(logs_folder);
    CHECK(verify(*Segment::open(logs_folder, first.segment), dictionaries, {}).empty());
}

TEST_CASE("logs: without its index a segment is read, and not written to", "[logs]") {
    const TemporaryFolder folder;
    const auto logs_folder = folder.path() / "logs";
    const Vault vault;
    Added first{};
    {
        Writer writer(logs_folder, vault, false);
        first = add_text(writer, folder, "kept\n");
        writer.commit();
    }
    stdfs::remove(index_file(logs_folder, first.segment));
    Writer writer(logs_folder, vault, false);
    CHECK(add_text(writer, folder, "more\n").segment != first.segment);
    writer.commit();
    Store store(logs_folder);
    CHECK(texts_of(store.lines(first.segment, 0, 1)) == std::vector<std::string>{"kept"});
    CHECK(count(logs_folder, "kept", {{first.segment, 0, 1}}) == 1);
}

TEST_CASE("logs: two writers at once have a segment each", "[logs]") {
    const TemporaryFolder folder;
    const Vault vault;
    Writer one(folder.path() / "logs", vault, false), other(folder.path() / "logs", vault, false);
    const auto first = add_text(one, folder, "one\n"), second = add_text(other, folder, "other\n");
    CHECK(first.segment != second.segment);
    one.commit();
    other.commit();
    Store store(folder.path() / "logs");
    CHECK(texts_of(store.lines(first.segment, 0, 1)) == std::vector<std::string>{"one"});
    CHECK(texts_of(store.lines(second.segment, 0, 1)) == std::vector<std::string>{"other"});
}

TEST_CASE("logs: damage is found, and costs no more than the damaged blocks", "[logs]") {
    const TemporaryFolder folder;
    const auto logs_folder = folder.path() / "logs";
    const Vault vault;
    std::mt19937 random(5);
    std::vector<Extent> extents;
    {
        Writer writer(logs_folder, vault, false);
        for (int i = 0; i < 12; ++i) {
            const auto log = add_text(writer, folder, random_log(random, 500) + "the last line of log\n");
            extents.push_back({log.segment, log.first_line, log.lines});
            writer.commit();
        }
    }
    const auto file = segment_file(logs_folder, 1), index = index_file(logs_folder, 1);
    const auto content = read_file(file, 1 << 24), index_content = read_file(index, 1 << 24);
    Dictionaries dictionaries(logs_folder);
    REQUIRE(count(logs_folder, "^the last line of log$", extents) == 12);

    for (int round = 0; round < 200; ++round) {
        const bool in_index = round % 2 == 1;
        const auto& damaged = in_index ? index : file;
        const auto& whole = in_index ? index_content : content;
        const auto at = random() % whole.size();
        const char flipped = static_cast<char>(whole[at] ^ static_cast<char>(1U << random() % 8));
        overwrite(damaged, at, std::string(1, flipped));
        INFO((in_index ? "index " : "segment ") << at);
        const auto segment = Segment::open(logs_folder, 1);
        REQUIRE(segment);
        CHECK_FALSE(verify(*segment, dictionaries, {}).empty());
        CHECK(count(logs_folder, "^the last line of log$", extents) >= (in_index ? 12U : 11U));
        overwrite(damaged, at, std::string(1, whole[at]));
    }
    CHECK(verify(*Segment::open(logs_folder, 1), dictionaries, {}).empty());
}

TEST_CASE("logs: files that are anything but segments do no harm", "[logs]") {
    const TemporaryFolder folder;
    const auto logs_folder = folder.path() / "logs";
    const Vault vault;
    std::mt19937 random(9);
    {
        Writer writer(logs_folder, vault, false);
        for (int i = 0; i < 4; ++i) {
            add_text(writer, folder, random_log(random, 300));
            writer.commit();
        }
    }
    const auto content = read_file(segment_file(logs_folder, 1), 1 << 24);
    const auto index_content = read_file(index_file(logs_folder, 1), 1 << 24);
    Dictionaries dictionaries(logs_folder);
    // Mixes pieces of the real files, so that checksums of parts hold and others do not.
    const auto mixed = [&](const std::string& whole) {
        std::string result;
        for (auto pieces = random() % 6; pieces > 0; --pieces) {
            result += whole.substr(random() % whole.size(), random() % 3000);
            if (random() % 3 == 0) result += std::string(random() % 100, static_cast<char>(random()));
        }
        return result;
    };
    for (int round = 0; round < 300; ++round) {
        folder.write("logs/00000001.segment", round % 3 == 0 ? content : mixed(content));
        folder.write("logs/00000001.index", round % 3 == 1 ? index_content : mixed(index_content));
        const auto segment = Segment::open(logs_folder, 1);
        REQUIRE(segment);
        verify(*segment, dictionaries, {});
        count(logs_folder, "kiln", {{1, 0, 1'000'000}});
        Store store(logs_folder);
        try {
            store.lines(1, 0, 2000);
        } catch (const Error& error) {
            REQUIRE(error.kind() == "logs.damaged");
        }
    }
}

TEST_CASE("logs: a dictionary goes with the last block that needs it, and not before", "[logs]") {
    const TemporaryFolder folder;
    const auto logs_folder = folder.path() / "logs";
    const Vault vault;
    std::mt19937 random(13);
    Added last{};
    {
        Writer writer(logs_folder, vault, false);
        for (int i = 0; i < 70; ++i) last = add_text(writer, folder, random_log(random, 12000));
        writer.commit();
        last = add_text(writer, folder, random_log(random, 1000));
        writer.commit();
        REQUIRE(Dictionaries(logs_folder).ids().size() == 1);
        remove_unused_dictionaries(logs_folder);
    }
    remove_unused_dictionaries(logs_folder);
    CHECK(Dictionaries(logs_folder).ids().size() == 1);
    Store store(logs_folder);
    CHECK(store.lines(last.segment, last.first_line, last.lines).size() == last.lines);
    remove_segment(logs_folder, last.segment);
    remove_unused_dictionaries(logs_folder);
    CHECK(Dictionaries(logs_folder).ids().empty());
}

TEST_CASE("logs keep no secrets, known or by their shape, and as many lines", "[logs]") {
    const TemporaryFolder folder;
    Vault vault;
    vault.add("KEY", "correct-horse-battery\nstaple-of-lines");
    const std::string token = "ghp_" + std::string(36, 'a');
    const std::string text = "one correct-horse-battery\nstaple-of-lines two\n" + std::string(9000, 'p') + token +
                             "\ntoken=" + token +
                             "&x AKIA0123456789ABCDEF\n\x1b[1mcorrect-\x1b[0mhorse-battery\nlast\n";
    Writer writer(folder.path() / "logs", vault, false);
    const auto added = add_text(writer, folder, text);
    writer.commit();
    Store store(folder.path() / "logs");
    const auto lines = texts_of(store.lines(added.segment, added.first_line, added.lines));
    REQUIRE(lines.size() == 6);
    CHECK(lines[0] == "one ***");
    CHECK(lines[1] == "*** two");
    CHECK(lines[2].find("aaaa") == std::string::npos);
    CHECK(lines[3] == "token=***&x ***");
    CHECK(lines[4] == "***");
    CHECK(lines[5] == "last");
}

TEST_CASE("logs: names of steps have no secrets", "[logs]") {
    const TemporaryFolder folder;
    Vault vault;
    vault.add("KEY", "correct-horse-battery");
    Writer writer(folder.path() / "logs", vault, true);
    const auto added = add_text(writer, folder,
                                "##[group]Run curl -u correct-horse-battery\n##[group]Run " + std::string(170, 'x') +
                                    " ghp_" + std::string(36, 'a') + "\n");
    REQUIRE(added.marks.size() == 2);
    CHECK(added.marks[0].step == "Run curl -u ***");
    CHECK(added.marks[1].step == "Run " + std::string(170, 'x') + " ***");
}

TEST_CASE("logs: a dry run writes nothing", "[logs]") {
    const TemporaryFolder folder;
    const Vault vault;
    Writer writer(folder.path() / "logs", vault, true);
    CHECK(add_text(writer, folder, "one\ntwo\n").lines == 2);
    writer.commit();
    CHECK_FALSE(stdfs::exists(folder.path() / "logs"));
}

TEST_CASE("logs: times survive whatever they are", "[logs]") {
    Lines lines;
    std::mt19937_64 random(1);
    std::vector<Lines::Time> expected;
    for (int i = 0; i < 1000; ++i) {
        Lines::Time time;
        if (random() % 4 != 0)
            time = static_cast<std::int64_t>(random() >> random() % 64) * (random() % 2 == 0 ? 1 : -1);
        expected.push_back(time);
        lines.end_line(time);
    }
    CHECK(read_times(lines.times(), 1000) == expected);
    CHECK_FALSE(read_times(lines.times(), 1001));
    CHECK_FALSE(read_times(lines.times(), 999));
}
