// Counting the steps of a match changes nothing about what it finds.
#include <catch2/catch.hpp>

#include "api/re/matcher.hpp"
#include "api/re/rewrite.hpp"
#include "api/re/step_count.hpp"
#include "tests/cpp/kb_random.hpp"

using namespace uhost;
using namespace uhost::re;

namespace {

using Groups = std::vector<std::optional<Span>>;

std::optional<std::optional<Groups>> outcome(Matcher& matcher, const std::string& text, StepMeter* meter) {
    try {
        const bool is_found = meter != nullptr ? matcher.find(text, *meter) : matcher.find(text);
        return is_found ? std::optional(matcher.groups()) : std::nullopt;
    } catch (const Error& error) {
        REQUIRE(error.kind() == "re.limit");
        return std::nullopt;
    }
}

std::uint64_t steps(std::string_view pattern, const std::string& text) {
    return Regex(pattern).count_steps(text, 1'000'000'000).value();
}

}  // namespace

TEST_CASE("re steps: a pattern with callouts finds what it finds without, with and without machine code") {
    RandomPatterns random(7);
    const char* const letters[]{"", "i", "s", "m", "x", "b", "n"};
    int compared = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto pattern = random.pattern();
        const auto flags = Flags::parse(letters[random.below(7)]);
        const auto use = random.below(2) == 0 ? Regex::Use::often : Regex::Use::rarely;
        std::shared_ptr<const Regex> plain;
        try {
            plain = std::make_shared<const Regex>(pattern, flags, use);
        } catch (const Error&) {
            continue;
        }
        Matcher expected(plain), counted(Regex::counting(pattern, flags, use));
        for (int k = 0; k < 6; ++k) {
            const auto line = random.line();
            StepMeter meter(UINT64_MAX / 2);
            if (outcome(expected, line, nullptr) != outcome(counted, line, &meter))
                FAIL("pattern " << pattern << " flags " << flags.letters() << " line " << line);
            ++compared;
        }
    }
    CHECK(compared > 50'000);
}

TEST_CASE("re steps: work that grows with a text, in whatever part of a pattern, is counted") {
    const auto grows = [](std::string_view pattern) {
        const auto some = steps(pattern, std::string(400, 'a')), more = steps(pattern, std::string(800, 'a'));
        return some > 0 && more >= 3 * some;  // with the square, 4 times
    };
    for (const auto* pattern :
         {R"(\w+[xy])", R"((?:a|b)+[xy])", R"((?=\w+[xy])a)", R"((?:(?(?=a)a|b))+[xy])", R"((a|b(?1)?)(?1)*[xy])",
          R"((?:\Qa\E)+[xy])", R"((?>a+)[xy])", R"(a++[xy])", R"(\X+[xy])", R"(.{300,}[xy])"}) {
        INFO(pattern);
        CHECK(grows(pattern));
    }
    CHECK_FALSE(grows(R"(^\w+[xy])"));
    CHECK_FALSE(grows(R"(\d+[xy])"));
}

TEST_CASE("re steps: a match ends when it has taken those it may") {
    Matcher matcher(Regex::counting("(a+)+$", {}, Regex::Use::often));
    const std::string text = std::string(40, 'a') + "!";
    StepMeter meter(10'000);
    CHECK_THROWS_AS(matcher.find(text, meter), Error);
    CHECK(meter.is_exceeded());
    CHECK(meter.steps() <= 10'100);
    StepMeter late(UINT64_MAX / 2, StepMeter::thread_time());
    CHECK_THROWS_AS(matcher.find(text, late), Error);
    CHECK(late.is_exceeded());
    StepMeter enough(10'000);
    CHECK(matcher.find("aaa", enough));
    CHECK_FALSE(enough.is_exceeded());
}
