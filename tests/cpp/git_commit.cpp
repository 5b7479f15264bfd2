#include <catch2/catch.hpp>
#include <random>

#include "api/git/history/commit_object.hpp"

using namespace uhost;

namespace {

const std::string tree(40, 'a'), parent(40, 'b');

std::string commit_text(const std::string& headers, const std::string& message) {
    return "tree " + tree + "\nparent " + parent + "\n" + headers + "\n" + message;
}

}  // namespace

TEST_CASE("A commit object is read whole", "[git]") {
    const auto commit =
        git::parse_commit({}, commit_text("author A U Thor <a@b> 1700000000 -0330\ncommitter C <c@d> 1700000001 +0200\n"
                                          "gpgsig -----BEGIN-----\n tree nonsense\n -----END-----\n",
                                          "\nA subject\nof two lines  \n\nBody\n"));
    REQUIRE(commit);
    CHECK(commit->tree.hex() == tree);
    REQUIRE(commit->parents.size() == 1);
    CHECK(commit->author.name == "A U Thor");
    CHECK(commit->author.email == "a@b");
    CHECK(commit->author.time == 1700000000);
    CHECK(commit->author.offset_minutes == -210);
    CHECK(commit->committer.offset_minutes == 120);
    CHECK(commit->subject == "A subject of two lines");
    CHECK(commit->message == "\nA subject\nof two lines  \n\nBody\n");
}

TEST_CASE("What is malformed in a commit is left empty", "[git]") {
    CHECK_FALSE(git::parse_commit({}, ""));
    CHECK_FALSE(git::parse_commit({}, "tree nonsense\n"));
    CHECK_FALSE(git::parse_commit({}, "parent " + parent + "\n\nx"));
    const auto commit = git::parse_commit({}, commit_text("author nobody\ncommitter <> x\n", ""));
    REQUIRE(commit);
    CHECK(commit->author.name == "nobody");
    CHECK(commit->author.time == 0);
    CHECK(commit->subject.empty());
    CHECK(git::parse_person("N <m> 99999999999999999999 +0000").time == 0);
    CHECK(git::parse_person("N >m< 1").email.empty());
    const auto odd = git::parse_person("N <m>n> 12 +0000");
    CHECK(odd.email == "m");
    CHECK(odd.time == 12);
}

TEST_CASE("Any bytes are a commit or none, and never crash", "[git]") {
    std::mt19937 random(11);
    const auto whole = commit_text("author A <a@b> 1 +0000\ncommitter C <c@d> 1 +0000\nencoding UTF-16\n", "m\n");
    for (int i = 0; i < 20000; ++i) {
        auto text = whole.substr(0, random() % (whole.size() + 1));
        for (auto n = random() % 6; n > 0 && !text.empty(); --n) {
            text[random() % text.size()] = static_cast<char>(random() % 256);
        }
        git::parse_commit({}, text);
    }
    SUCCEED();
}

TEST_CASE("Text is converted from the encoding that a commit names", "[git]") {
    CHECK(git::to_utf8("Gr\xfcn", "ISO-8859-1") == "Gr\xc3\xbcn");
    CHECK(git::to_utf8("Gr\xc3\xbcn", "") == "Gr\xc3\xbcn");
    CHECK(git::to_utf8("Gr\xfcn", "UTF-8") == "Gr\xfcn");
    CHECK(git::to_utf8("Gr\xfcn", "no such encoding") == "Gr\xfcn");
    CHECK(git::to_utf8("\x80\xff", "EUC-JP") == "\x80\xff");
    const std::string large(100000, '\xe4');
    CHECK(git::to_utf8(large, "latin1").size() == 200000);
}
