#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <thread>

#include "api/re/file_scan.hpp"
#include "api/re/rewrite.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::re;

namespace {

struct Found {
    std::size_t offset;
    std::vector<std::string> groups;
    bool operator==(const Found&) const = default;
};

std::vector<std::string> texts(const std::vector<std::optional<Span>>& groups, std::string_view line) {
    std::vector<std::string> all;
    for (const auto& span : groups) all.push_back(span ? std::string(span->of(line)) : "unset");
    return all;
}

// What LineSearch must find, the plain way.
std::vector<Found> line_by_line(const std::shared_ptr<const Regex>& regex, std::string_view text) {
    Matcher matcher(regex);
    std::vector<Found> found;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const auto line = text.substr(begin, end - begin);
        if (matcher.find(line)) found.push_back({begin, texts(matcher.groups(), line)});
        begin = end + 1;
    }
    return found;
}

std::vector<Found> searched(const std::shared_ptr<const Regex>& regex, std::string_view text) {
    LineSearch search(regex);
    std::vector<Found> found;
    search.begin(text);
    while (search.next()) found.push_back({search.line_offset(), texts(search.groups(), search.line())});
    return found;
}

// The first match, or what became of it.
std::string outcome(const std::shared_ptr<const Regex>& regex, std::string_view text) {
    Matcher matcher(regex);
    try {
        return matcher.find(text) ? "found " + std::string(matcher.whole().of(text)) : "none";
    } catch (const Error& error) {
        return error.kind();
    }
}

/// Random patterns out of all that a pattern may hold, and texts that such patterns match now and then.
class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    std::string text() {
        static const std::vector<std::string> pieces{"a", "b", "ab", "\n", "\n",   "\r", " ", "\t",
                                                     "-", "]", "^",  "é",  "\xFF", "1",  "_", "\x0b"};
        std::string text;
        for (auto count = below(40); count > 0; --count) text += pick(pieces);
        return text;
    }

    std::string pattern(int depth = 0) {
        std::string pattern;
        for (auto count = 1 + below(4); count > 0; --count) {
            pattern += atom(depth);
            if (below(3) == 0) pattern += pick(quantifiers_);
        }
        if (below(5) == 0) pattern += "|" + atom(depth);
        return pattern;
    }

private:
    std::size_t below(std::size_t most) { return random_() % most; }
    const std::string& pick(const std::vector<std::string>& list) { return list[below(list.size())]; }

    std::string atom(int depth) {
        if (depth < 3 && below(4) == 0) return pick(openings_) + pattern(depth + 1) + ")";
        if (below(4) == 0) return bracket();
        return pick(atoms_);
    }

    std::string bracket() {
        std::string bracket = below(2) == 0 ? "[^" : "[";
        for (auto count = 1 + below(4); count > 0; --count) bracket += pick(items_);
        return bracket + "]";
    }

    std::mt19937 random_;
    const std::vector<std::string> atoms_{
        "a",    "b",     "a",         "b",   ".",       "\\s",   "\\S",      "\\w",   "\\W",   "\\d",  "\\D",
        "^",    "$",     "\\A",       "\\z", "\\Z",     "\\b",   "\\B",      "\\h",   "\\H",   "\\R",  "\\v",
        "\\V",  "\\N",   "\\n",       "\\r", "\\t",     "\\x0a", "\\x{61}",  "\\x61", "\\1",   "\\pL", "\\p{Ll}",
        "\\PL", "\\K",   "\\G",       "\\X", "\\Q.\\E", "(?i)",  "(?s)",     "(?m)",  "(?-m)", "é",    "\n",
        "\\12", "\\012", "\\N{U+0A}", "\\]", "\\-",     "(?#x)", "(*COMMIT)"};
    const std::vector<std::string> items_{"a",          "b",     "-",     "]",         "^",
                                          "\\s",        "\\S",   "\\w",   "\\W",       "\\d",
                                          "\\n",        "\\t",   "\\x0a", "\\x09",     "a-b",
                                          " -~",        "\\t-a", "\\]",   "[:space:]", "[:alpha:]",
                                          "[:^alpha:]", "é",     "\\b",   "\\h",       "\\x{1}-\\x{20}",
                                          "\\pL",       "\\r",   "[",     "\\\\"};
    const std::vector<std::string> quantifiers_{"*", "+", "?", "*?", "+?", "??", "*+", "++", "{2}", "{0,2}", "{1,}?"};
    const std::vector<std::string> openings_{"(",   "(?:",  "(?=",  "(?!",  "(?<=",   "(?<!", "(?>", "(?<n>",
                                             "(?|", "(?i:", "(?s:", "(?x:", "(?P<p>", "(?R|", "(?1|"};
};

}  // namespace

TEST_CASE("re lines: searching many lines at once finds what searching each by itself does") {
    Generator generator(1);
    int compiled = 0, at_once = 0, matched = 0;
    for (int i = 0; i < 30'000; ++i) {
        const auto pattern = generator.pattern();
        const auto flags = Flags::parse(i % 7 == 0    ? "s"
                                        : i % 5 == 0  ? "m"
                                        : i % 3 == 0  ? "i"
                                        : i % 11 == 0 ? "b"
                                                      : "");
        std::shared_ptr<const Regex> regex;
        try {
            regex = std::make_shared<const Regex>(pattern, flags);
        } catch (const Error&) {
            continue;
        }
        ++compiled;
        at_once += line_pattern(pattern, flags).has_value();
        for (int k = 0; k < 3; ++k) {
            const auto text = generator.text();
            const auto expected = line_by_line(regex, text);
            matched += !expected.empty();
            if (searched(regex, text) != expected)
                FAIL("pattern " << escape(pattern) << " with " << flags.letters() << " in " << escape(text));
        }
    }
    CHECK(compiled > 5'000);
    CHECK(at_once > 1'000);
    CHECK(matched > 5'000);
}

TEST_CASE("re lines: patterns of everyday use are searched in all lines at once") {
    for (const char* pattern :
         {R"(error\[E\d+\])", R"(^\S+ +test (\S+) \.\.\. FAILED$)", R"([^"]*error:\s*(?<what>.*))", R"(\x1b\[[0-9;]*m)",
          R"((?i)warning|error)", R"(thread '([^']+)' panicked at (?!ok))", R"([\s,]+\w+)", R"((\w+)=\1)",
          R"(\A\W+\Z)"}) {
        CHECK(line_pattern(pattern, {}).has_value());
    }
}

TEST_CASE("re lines: a file is searched in pieces without losing, splitting or miscounting a line") {
    const TemporaryFolder folder;
    std::mt19937 random(2);
    std::string content;
    std::vector<std::uint64_t> expected;
    for (std::uint64_t number = 1; content.size() < 3'000'000; ++number) {
        const bool hit = random() % 50 == 0;
        if (hit) expected.push_back(number);
        content += std::string(random() % 200 + (random() % 2000 == 0 ? 900'000 : 0), 'x') +
                   (hit ? " hit " + std::to_string(number) : "") + "\n";
    }
    if (GENERATE(false, true)) content.pop_back();  // the last line need not have a newline
    const auto file = folder.write("log", content);
    FileScan scan(file, Regex::get("hit (\\d+)"), UINT64_MAX);
    std::vector<std::uint64_t> numbers;
    for (auto batch = scan.next({}); !batch.empty(); batch = scan.next({})) {
        for (const auto& match : batch) {
            numbers.push_back(match.line_number);
            CHECK(match.groups[1]->of(match.line) == std::to_string(match.line_number));
        }
    }
    CHECK(numbers == expected);
    CHECK(count_lines(file, Regex::get("hit"), {}) == expected.size());
    CHECK(count_lines(file, Regex::get("^"), {}) ==
          static_cast<std::uint64_t>(std::count(content.begin(), content.end(), '\n') + (content.back() != '\n')));
    CHECK(count_lines(file, Regex::get("(*COMMIT)hit"), {}) == expected.size());
}

TEST_CASE("re lines: ranges of a file are whole lines and cover it once") {
    const TemporaryFolder folder;
    std::mt19937 random(3);
    for (int round = 0; round < 50; ++round) {
        std::string content;
        for (auto lines = random() % 60; lines > 0; --lines) content += std::string(random() % 40, 'x') + "\n";
        if (random() % 2 == 0) content += "end";
        LineReader reader(folder.write("file", content));
        std::uint64_t expected = 0;
        for (const auto [begin, end] : reader.split(1 + random() % 9, 1 + random() % 50)) {
            CHECK(begin == expected);
            CHECK((end == content.size() || content[end - 1] == '\n'));
            expected = end;
        }
        CHECK(expected == content.size());
    }
}

TEST_CASE("re lines: empty files, empty lines, limits and stopping") {
    const TemporaryFolder folder;
    CHECK(count_lines(folder.write("empty", ""), Regex::get("^"), {}) == 0);
    CHECK(count_lines(folder.write("newline", "\n"), Regex::get("^$"), {}) == 1);
    CHECK(count_lines(folder.write("newlines", "\n\n\n"), Regex::get("$"), {}) == 3);
    CHECK(count_lines(folder.write("carriage", "a\r\nb\r\n"), Regex::get("^[ab]\r$"), {}) == 2);
    FileScan limited(folder.write("five", "a\na\na\na\na\n"), Regex::get("a"), 3);
    CHECK(limited.next({}).size() == 3);
    CHECK(limited.next({}).empty());
    std::stop_source stop;
    stop.request_stop();
    FileScan stopped(folder.write("some", "a\n"), Regex::get("a"), 3);
    CHECK(stopped.next(stop.get_token()).empty());
}

TEST_CASE("re lines: a pipe is read to its end") {
    const TemporaryFolder folder;
    const auto pipe = folder.path() / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::jthread writer([&] {
        std::ofstream out(pipe);
        for (int i = 0; i < 100'000; ++i) out << "line " << i << '\n';
    });
    CHECK(count_lines(pipe, Regex::get("7$"), {}) == 10'000);
}

TEST_CASE("re lines: what cannot be read is named; a line without end is refused") {
    const TemporaryFolder folder;
    const auto kind = [](const std::filesystem::path& file) {
        try {
            count_lines(file, Regex::get("x"), {});
        } catch (const Error& error) {
            CHECK(error.message().find(file.string()) != std::string::npos);
            return error.kind();
        }
        return std::string();
    };
    CHECK(kind(folder.path() / "missing") == "file.read");
    CHECK(kind(folder.path()) == "file.read");
    const auto endless = folder.path() / "endless";
    std::ofstream(endless).close();
    std::filesystem::resize_file(endless, LineReader::max_line_bytes * 3);
    CHECK(kind(endless) == "re.limit");
}

// Of text that is UTF-8: around other bytes the interpreter of PCRE2 10.42 is itself wrong, taking them for the end.
// And of whole matches: after a possessive group has failed, JIT of that version may leave its captures set.
TEST_CASE("re lines: compiled code finds what the interpreter does") {
    Generator generator(4);
    int compared = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto pattern = generator.pattern();
        std::shared_ptr<const Regex> compiled, interpreted;
        try {
            compiled = std::make_shared<const Regex>(pattern);
            interpreted = std::make_shared<const Regex>("(*NO_JIT)" + pattern);
        } catch (const Error&) {
            continue;
        }
        ++compared;
        auto text = generator.text();
        std::ranges::replace(text, '\xFF', 'f');
        if (outcome(compiled, text) != outcome(interpreted, text))
            FAIL("pattern " << escape(pattern) << " in " << escape(text));
    }
    CHECK(compared > 5'000);
}
