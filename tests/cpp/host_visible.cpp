#include <catch2/catch.hpp>

#include "host/core/visible.hpp"

using namespace uhost;

TEST_CASE("visible: plain text, other scripts, newlines and tabs stay") {
    for (const std::string text : {"", "plain ~ text", "zwei\nZeilen\t", "æøå 日本語 🏳️‍🌈 e\u0301"}) CHECK(visible(text) == text);
}

TEST_CASE("visible: what a terminal would act on is shown") {
    CHECK(visible("\x1b[31mred\x1b[0m") == "␛[31mred␛[0m");
    CHECK(visible("a\rb\bc\x7f") == "a␍b␈c␡");
    CHECK(visible(std::string("\0", 1)) == "␀");
    CHECK(visible("\xc2\x9b" "31m") == "<U+009B>31m");
    CHECK(visible("a\u202eb\u2028") == "a<U+202E>b<U+2028>");
}

TEST_CASE("visible: bytes that are no UTF-8 are replaced one by one") {
    CHECK(visible("a\xff" "b") == "a\ufffdb");
    CHECK(visible("\xc0\xaf") == "\ufffd\ufffd");              // overlong
    CHECK(visible("\xed\xa0\x80") == "\ufffd\ufffd\ufffd");    // a surrogate
    CHECK(visible("\xf4\x90\x80\x80") == "\ufffd\ufffd\ufffd\ufffd");
    CHECK(visible("\xe2\x82") == "\ufffd\ufffd");              // cut short
}

TEST_CASE("workflow commands: what the runner would obey is broken, other text stays") {
    CHECK(without_workflow_commands("::error::x") == ": :error::x");
    CHECK(without_workflow_commands(" \t::warning::x\nok\n::set-output::") == " \t: :warning::x\nok\n: :set-output::");
    CHECK(without_workflow_commands("progress\r::error::x") == "progress\r: :error::x");
    CHECK(without_workflow_commands("\u00a0::error::x") == "\u00a0: :error::x");  // white space to the runner
    CHECK(without_workflow_commands("see ##[command]ls") == "see ## [command]ls");
    CHECK(without_workflow_commands("###[x]") == "### [x]");
    CHECK(without_workflow_commands(":::x") == ": ::x");
    CHECK(without_workflow_commands("std::string a::b ## [x]") == "std::string a::b ## [x]");
}
