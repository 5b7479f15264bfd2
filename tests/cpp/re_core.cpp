#include <catch2/catch.hpp>
#include <thread>

#include "api/re/matcher.hpp"
#include "api/re/substitute.hpp"

using namespace uhost;
using namespace uhost::re;

namespace {

Error error_of(const auto& body) {
    try {
        body();
    } catch (const Error& error) {
        return error;
    }
    return Error("none", "nothing was thrown");
}

std::optional<std::string> found(std::string_view pattern, std::string_view subject, const char* flags = "") {
    Matcher matcher(Regex::get(pattern, Flags::parse(flags)));
    if (!matcher.find(subject)) return std::nullopt;
    return std::string(matcher.whole().of(subject));
}

}  // namespace

TEST_CASE("re: flags do what their letters say") {
    CHECK_FALSE(found("ABC", "abc"));
    CHECK(found("ABC", "abc", "i") == "abc");
    CHECK(found("^b$", "a\nb", "m") == "b");
    CHECK_FALSE(found("a.b", "a\nb"));
    CHECK(found("a.b", "a\nb", "s") == "a\nb");
    CHECK(found("a  b # comment", "ab", "x") == "ab");
    CHECK(Regex("(a)(?<n>b)", Flags::parse("n")).groups() == 1);
    CHECK(found("^.$", "\xC3\xA9") == "\xC3\xA9");
    CHECK_FALSE(found("^.$", "\xC3\xA9", "b"));
    CHECK(found("\xC3\x89", "\xC3\xA9", "i") == "\xC3\xA9");
    CHECK(Flags::parse("bsi").letters() == "isb");
    CHECK(error_of([] { Flags::parse("iq"); }).message() == "no flag of a pattern is called 'q'");
}

TEST_CASE("re: bytes that are not UTF-8 match nothing and are no error") {
    CHECK(found("error", "\xFF\xFE error \xC3") == "error");
    CHECK(found("^.*$", "ab\xFF", "m") == std::nullopt);
    CHECK(found("a.?", "a\xFF") == "a");
    CHECK(found("[^x]+", "\xFF\xFFyz") == "yz");
}

TEST_CASE("re: a malformed pattern is shown with the place") {
    const auto error = error_of([] { Regex("ab(c[z-a]"); });
    CHECK(error.kind() == "re.syntax");
    CHECK(error.message() == "invalid pattern at position 8: range out of order in character class: ab(c[z- <-- here");
    CHECK(std::get<std::string>(error.details()[1].second) == "ab(c[z-a]\n       ^");
    CHECK(error_of([] { Regex(std::string(100'000, 'a')); }).kind() == "re.syntax");
    const auto late = error_of([] { Regex(std::string(1000, 'a') + "("); });
    CHECK(late.message().size() < 200);
    CHECK(error_of([] { Regex("\\C"); }).kind() == "re.syntax");
}

TEST_CASE("re: a match that takes too much is an error, never no match") {
    const auto limit_of = [](std::string_view pattern, const std::string& subject) {
        const auto error = error_of([&] { Matcher(Regex::get(pattern)).find(subject); });
        CHECK(error.kind() == "re.limit");
        CHECK_FALSE(error.hint().empty());
        return error.details().empty() ? std::string() : std::get<std::string>(error.details()[0].second);
    };
    CHECK(limit_of("^(a+)+$", std::string(40, 'a') + "b") == "steps");
    CHECK(limit_of("(*NO_JIT)^(a+)+$", std::string(40, 'a') + "b") == "steps");
    CHECK(limit_of("^(?:a|b|c)*$", std::string(4'000'000, 'a')) == "jit_stack");
    const auto without_jit = limit_of("(*NO_JIT)^(?:(a)|(b)|c)*$", std::string(4'000'000, 'a'));
    CHECK((without_jit == "heap" || without_jit == "depth"));
    CHECK(found("^[abc]*$", std::string(4'000'000, 'a')).has_value());
}

TEST_CASE("re: a replacement that runs into a limit is the same error") {
    const Regex regex("^(a+)+$");
    CHECK(error_of([&] { substitute(regex, std::string(40, 'a') + "b", "x", 1); }).kind() == "re.limit");
}

TEST_CASE("re: replacements name groups, and what they cannot name is refused") {
    const Regex regex("(?<key>\\w+)=(\\w+)?");
    CHECK(substitute(regex, "a=1 b=2", "$2:${key}", UINT64_MAX).text == "1:a 2:b");
    CHECK(substitute(regex, "a=1 b=2 c=3", "<$0>", 2).text == "<a=1> <b=2> c=3");
    CHECK(substitute(regex, "a=1 b=2 c=3", "<$0>", 2).count == 2);
    CHECK(substitute(regex, "a=", "[$2] $$", UINT64_MAX).text == "[] $");
    CHECK(substitute(regex, "none", "x", UINT64_MAX).count == 0);
    CHECK(substitute(regex, "a=1", "x", 0).text == "a=1");
    const auto grown = substitute(Regex("a"), std::string(1000, 'a'), std::string(1000, 'b'), UINT64_MAX);
    CHECK(grown.text == std::string(1'000'000, 'b'));
    CHECK(grown.count == 1000);
    for (const char* bad : {"$9", "${nobody}", "${key", "$"}) {
        CHECK(error_of([&] { substitute(regex, "a=1", bad, UINT64_MAX); }).kind() == "re.replacement");
    }
}

TEST_CASE("re: matches follow one another, empty ones included, and always end") {
    CHECK(Matcher(Regex::get("x*")).count("axb") == 4);
    CHECK(Matcher(Regex::get("")).count("é€") == 3);
    CHECK(Matcher(Regex::get("$", Flags::parse("m"))).count("a\nb\n") == 3);
    CHECK(Matcher(Regex::get("a\\K")).count("aaa") == 3);
    CHECK(Matcher(Regex::get("a|(?=b)")).count("ab") == 2);
}

TEST_CASE("re: an escaped text matches itself and nothing else") {
    std::string ascii;
    for (int byte = 0; byte < 128; ++byte) ascii += static_cast<char>(byte);
    for (const std::string& text : {ascii, std::string("\u0085 \u00a0\u200e\u2028é😀")}) {
        for (const char* flags : {"", "x", "i", "s", "m"}) {
            CHECK(found("^" + escape(text) + "$", text, flags) == text);
            CHECK(found(escape(text), "before" + text + "after", flags) == text);
        }
    }
    CHECK(found("^" + escape("\xFF\x80") + "$", "\xFF\x80", "b") == "\xFF\x80");
    CHECK_FALSE(found(escape("a.c"), "abc"));
}

TEST_CASE("re: negated types match characters beyond ASCII, in text that is not UTF-8 as well") {
    for (const char* pattern : {"\\D", "\\S", "\\W", "(?:\\D)", "\\S|x", "\\Q\\D\\E|\\D", "[\\D]", "[^\\d]", "[]\\W]",
                                "[[:alpha:]\\W]", "(?#[)\\S", "(?x)\\S # [", "(?:\\c[|\\W)", "\\c\\|\\D"}) {
        CAPTURE(pattern);
        CHECK(found(pattern, "é") == "é");
        CHECK(found(pattern, "\xFFé") == "é");
    }
    CHECK(found("[ # \n\\S] # [\n\\D", "Sé", "x") == "Sé");
    CHECK(found("\\\\D", "é\\D") == "\\D");
    CHECK(found("[\\]\\D]", "é") == "é");
}

TEST_CASE("re: a compiled pattern is kept, per flags, and old ones make room") {
    const auto first = Regex::get("kept");
    CHECK(Regex::get("kept") == first);
    CHECK(Regex::get("kept", Flags::parse("i")) != first);
    for (int i = 0; i < 1000; ++i) Regex::get("other" + std::to_string(i));
    CHECK(Regex::get("kept") != first);
}

TEST_CASE("re: threads share patterns") {
    std::vector<std::jthread> threads;
    std::atomic<int> matches = 0;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i) {
                Matcher matcher(Regex::get("(\\d+)-" + std::to_string(i % 50)));
                if (matcher.find("x 12-" + std::to_string(i % 50)) && matcher.group(1)->size() == 2) ++matches;
            }
        });
    }
    threads.clear();
    CHECK(matches == 2000);
}
