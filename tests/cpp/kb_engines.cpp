#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "api/kb/matcher.hpp"
#include "api/kb/required_literals.hpp"
#include "api/re/matcher.hpp"
#include "api/re/rewrite.hpp"
#include "tests/cpp/kb_random.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::kb;
using namespace uhost::log_text;

namespace {

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return text;
}

bool has_one(const std::string& line, const LiteralSet& literals) {
    return std::ranges::any_of(literals, [&](const Literal& literal) {
        return literal.caseless ? lower(line).find(lower(literal.text)) != std::string::npos
                                : line.find(literal.text) != std::string::npos;
    });
}

std::string random_flags(RandomPatterns& random) {
    const char* const all[]{"", "", "", "i", "i", "s", "m", "x", "b", "bi"};
    return all[random.below(10)];
}

std::shared_ptr<const re::Regex> compiled(const std::string& pattern, const std::string& flags) {
    try {
        return std::make_shared<const re::Regex>(pattern, re::Flags::parse(flags));
    } catch (const Error&) {
        return nullptr;
    }
}

std::string shown(const ScanResult& result) {
    std::string text;
    for (const auto& hit : result.hits) {
        text += fmt::format("{} {}-{} {} '{}' '{}'", hit.pattern, hit.line_number, hit.last_line, hit.column, hit.line,
                            hit.last_text);
        for (const auto& capture : hit.captures)
            text += fmt::format(" {}/{}={}", capture.number, capture.name, capture.text);
        text += '\n';
    }
    return text + fmt::format("{} {}", fmt::join(result.counts, " "), fmt::join(result.limited, " "));
}

ScanResult scan(const Matcher& matcher, const std::filesystem::path& file) {
    Log log(SourceFile::open(file, {}));
    return matcher.scan(log, 1, UINT64_MAX, {});
}

// The plain way.
std::uint64_t lines_matched(const std::shared_ptr<const re::Regex>& regex, const std::vector<std::string>& lines) {
    re::Matcher matcher(regex);
    return static_cast<std::uint64_t>(
        std::ranges::count_if(lines, [&](const auto& line) { return matcher.find(line); }));
}

PatternSource random_source(RandomPatterns& random) {
    PatternSource source;
    source.flags = random_flags(random);
    const auto usable = [&] {
        for (;;) {
            auto pattern = random.pattern();
            if (compiled(pattern, source.flags)) return pattern;
        }
    };
    for (auto count = random.below(4) == 0 ? 1 + random.below(3) : 1; count > 0; --count)
        source.match.push_back(usable());
    if (random.below(6) == 0) source.unless.push_back(usable());
    source.within = 1 + random.below(6);
    source.keep = 1 + random.below(30);
    return source;
}

std::filesystem::path largest_file(const std::filesystem::path& folder) {
    std::filesystem::path found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (found.empty() || entry.file_size() > std::filesystem::file_size(found)) found = entry.path();
    }
    return found;
}

std::size_t total_size(const std::filesystem::path& folder) {
    std::size_t size = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) size += entry.file_size();
    return size;
}

}  // namespace

TEST_CASE("kb engines: whatever a pattern matches holds one of its required literals") {
    RandomPatterns random(1);
    int known = 0, matched = 0;
    for (int i = 0; i < 60'000; ++i) {
        const auto pattern = random.pattern(), flags = random_flags(random);
        const auto regex = compiled(pattern, flags);
        if (!regex) continue;
        const auto literals = required_literals(pattern, regex->flags());
        if (!literals) continue;
        ++known;
        re::Matcher matcher(regex);
        for (int k = 0; k < 12; ++k) {
            const auto line = random.line();
            const bool folds = line.find("\xE2\x84\xAA") != line.npos || line.find("\xC5\xBF") != line.npos;
            if (folds || !matcher.find(line)) continue;
            ++matched;
            if (!has_one(line, *literals)) FAIL("pattern " << pattern << " flags " << flags << " line " << line);
        }
    }
    CHECK(known > 5'000);
    CHECK(matched > 3'000);
}

TEST_CASE("kb engines: patterns of everyday use have rare literals") {
    const auto literals = [](const char* pattern) {
        std::vector<std::string> texts;
        for (const auto& literal : required_literals(pattern, {}).value_or(LiteralSet{})) texts.push_back(literal.text);
        return texts;
    };
    using Texts = std::vector<std::string>;
    CHECK(literals(R"(error\[E0277\]: (?<what>.+))") == Texts{"error[E0277]: "});
    CHECK(literals(R"(error: .{1,400} has no member named)") == Texts{" has no member named"});
    CHECK(literals(R"(^\s*(?:fatal|error): [Nn]ot found)") ==
          Texts{"error: Not found", "error: not found", "fatal: Not found", "fatal: not found"});
    CHECK(literals(R"((?:warning: )?spurious network)") == Texts{"spurious network"});
    CHECK(literals(R"(\w+ (?:abcdef)+ghi)") == Texts{"abcdefghi"});
    CHECK(literals(R"('?(?:cl|rc|link|make|ninja|lib|dev)(?:\.exe)?'? is not recognized|The path)") ==
          Texts{" is not recognized", "The path"});
    CHECK(literals(R"((?!abcdef)\S+)").empty());
    CHECK(literals(R"((?:abc|\d+))").empty());
    CHECK(literals(R"(abc(*ACCEPT)defghi)").empty());
    CHECK(literals(R"((?:abcdef)*)").empty());
}

TEST_CASE("kb engines: a wide pattern has no long counts, and braces elsewhere stay") {
    CHECK(re::wide_pattern("^.{0,60}?(?:a|b)", {}) == "(?:a|b)");
    CHECK(re::wide_pattern(".*", {}).empty());
    CHECK(re::wide_pattern(R"(a.{3,300}b\d{2}c{40}d{0,9}?e{5,})", {}) == R"(a.+b\d{2}c+d*?e+)");
    CHECK(re::wide_pattern(R"(\x{4141}[{1,9}][]{5}][[:alpha:]{1,9}]\{9}\p{Lu}{7})", {}) ==
          R"(\x{4141}[{1,9}][]{5}][[:alpha:]{1,9}]\{9}\p{Lu}+)");
}

TEST_CASE("kb engines: Hyperscan, PCRE2 alone and the plain way find the same") {
    if (!has_hyperscan()) return;
    const TemporaryFolder folder;
    RandomPatterns random(2);
    std::uint64_t hits = 0;
    for (int round = 0; round < 150; ++round) {
        std::vector<PatternSource> sources;
        for (auto count = 1 + random.below(25); count > 0; --count) sources.push_back(random_source(random));
        std::string content;
        std::vector<std::string> lines(random.below(150));
        for (auto& line : lines) content += (line = random.line()) + "\n";
        const auto file = folder.write("log", content);
        const auto plain = scan(Matcher(sources, {Engine::pcre2, {}}), file);
        const Matcher matcher(sources, {Engine::hyperscan, {}});
        if (shown(scan(matcher, file)) != shown(plain)) {
            for (const auto& source : sources)
                UNSCOPED_INFO(fmt::format("{} / {}", fmt::join(source.match, "  THEN  "), source.flags));
            CHECK(shown(scan(matcher, file)) == shown(plain));
            FAIL(content);
        }
        for (std::size_t i = 0; i < sources.size(); ++i) {
            hits += plain.counts[i];
            if (sources[i].match.size() > 1 || !sources[i].unless.empty()) continue;
            INFO(sources[i].match.front() << " / " << sources[i].flags);
            CHECK(plain.counts[i] == lines_matched(compiled(sources[i].match.front(), sources[i].flags), lines));
        }
    }
    CHECK(hits > 20'000);
}

TEST_CASE("kb engines: when a pattern is edited, only that one is compiled, and all are found as before") {
    if (!has_hyperscan()) return;
    const TemporaryFolder folder;
    const Matcher::Options options{Engine::best, folder.path() / "cache"};
    RandomPatterns random(3);
    std::vector<PatternSource> sources;
    std::string log;
    for (int i = 0; i < 40; ++i) {
        sources.push_back({{fmt::format("word{} (here|there)", i)}, {}, "", 20, 20});
        log += random.line() + "\n" + fmt::format("word{} here\n", i);
    }
    sources.push_back(sources.front());  // two patterns with the same expression
    const auto file = folder.write("log", log);
    const auto check = [&] {
        const Matcher matcher(sources, options);
        CHECK(shown(scan(matcher, file)) == shown(scan(Matcher(sources, {Engine::pcre2, {}}), file)));
        return total_size(options.cache);
    };
    const auto whole = check();
    std::swap(sources[3], sources[20]);
    sources[7].match = {"wo(r)d1\\d"};
    sources.erase(sources.begin() + 12);
    const auto changed = check();
    CHECK(changed > whole);
    CHECK(changed < whole + whole / 2);
    CHECK(check() == changed);
    sources[9].unless = {"word9"};
    check();
    sources[9].match = {"("};
    CHECK_THROWS_AS(Matcher(sources, options), Error);
    sources.resize(4);
    check();
}

TEST_CASE("kb engines: a compiled search is kept on disk, and made anew when it is damaged") {
    if (!has_hyperscan()) return;
    const TemporaryFolder folder;
    const auto file = folder.write("log", "one error here\n\nnothing\n  12:3  shape\n");
    const std::vector<PatternSource> sources{{{"error (\\w+)"}, {}, "", 20, 20},
                                             {{"^\\s+\\d+:\\d+\\s"}, {}, "", 20, 20}};
    const Matcher::Options options{Engine::best, folder.path() / "cache"};
    const auto expected = shown(scan(Matcher(sources, {Engine::pcre2, {}}), file));
    const auto use = [&] {
        const Matcher matcher(sources, options);
        CHECK(shown(scan(matcher, file)) == expected);
        return matcher.cached();
    };
    CHECK_FALSE(use());
    CHECK(use());
    const auto kept = largest_file(options.cache);
    CHECK((std::filesystem::status(kept).permissions() & std::filesystem::perms::mask) == std::filesystem::perms(0600));
    CHECK((std::filesystem::status(options.cache).permissions() & std::filesystem::perms::mask) ==
          std::filesystem::perms(0700));
    std::string bytes;
    {
        std::ifstream in(kept, std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(in), {});
    }
    for (const auto damage : {0, 1, 2, 3}) {
        auto broken = bytes;
        if (damage == 0) broken.clear();
        if (damage == 1) broken.resize(bytes.size() / 2);
        if (damage == 2) broken[bytes.size() - 100] ^= 1;
        if (damage == 3) broken += "more";
        std::ofstream(kept, std::ios::binary) << broken;
        CHECK_FALSE(use());
        CHECK(use());
    }
    std::filesystem::remove(kept);
    std::filesystem::create_directory(kept);
    CHECK_FALSE(use());
}

TEST_CASE("kb engines: a line that comes again matches as the first did, also in sequences and near what refuses it") {
    const std::vector<PatternSource> sources{{{"error (\\d)"}, {}, "", 20, 3},
                                             {{"^begin", "^middle", "^end (?<how>\\w+)"}, {}, "", 5, 3},
                                             {{"^refused"}, {"^never"}, "", 20, 3}};
    const std::string round = "begin\nerror 1\nerror 2\nmiddle\nend well\nend well\nrefused\n\n\n\n\n";
    std::string content = "middle\nend well\nrefused\nnever\n\n\n\n\n";  // each before it counts
    constexpr std::uint64_t rounds = 20'000, lines_of_round = 11, lines_before = 8;
    for (std::uint64_t i = 0; i < rounds; ++i) content += round;
    const TemporaryFolder folder;
    const auto file = folder.write("log", content);
    for (const auto engine : {Engine::best, Engine::pcre2}) {
        const auto result = scan(Matcher(sources, {engine, {}}), file);
        CHECK(result.counts == std::vector<std::uint64_t>{2 * rounds, rounds, rounds});
        CHECK(result.lines_matched == 4 * rounds + 1);
        REQUIRE(result.hits.size() == 3 * 2 * 3);
        const auto last = std::ranges::find(result.hits.rbegin(), result.hits.rend(), 1U, &Hit::pattern);
        CHECK(last->line_number == lines_before + (rounds - 1) * lines_of_round + 1);
        CHECK(last->last_line == last->line_number + 4);
        CHECK(last->captures.back().text == "well");
    }
}

TEST_CASE("kb engines: a log of more lines than are remembered is searched to its end") {
    const std::vector<PatternSource> sources{{{"^line (\\d*99999)$"}, {}, "", 20, 20}};
    std::string content;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 300'000; ++i) content += fmt::format("line {}\n", i);
    }
    const TemporaryFolder folder;
    const auto result = scan(Matcher(sources, {Engine::best, {}}), folder.write("log", content));
    CHECK(result.counts == std::vector<std::uint64_t>{6});
    CHECK(result.hits.back().line_number == 600'000);
}
