// The small readers of git's formats, on their own.

#include <catch2/catch.hpp>

#include "api/git/history/commit_graph.hpp"
#include "api/git/history/commit_object.hpp"
#include "api/git/history/deletions.hpp"
#include "api/git/history/pack.hpp"
#include "api/git/history/tree_object.hpp"

namespace uhost::git::testing {
namespace {

ByteView bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

bool applies(const std::string& base, const std::string& body, std::string& result) {
    return apply_delta(bytes_of(base), bytes_of(body), {reinterpret_cast<std::uint8_t*>(result.data()), result.size()});
}

}  // namespace

TEST_CASE("A pull request is the number a subject names as its own", "[git]") {
    CHECK(pull_request_of("Auto merge of #123 - ann:fix, r=bea") == 123);
    CHECK(pull_request_of("Rollup merge of #7 - ann:fix, r=bea") == 7);
    CHECK(pull_request_of("Merge pull request #42 from ann/fix") == 42);
    CHECK(pull_request_of("Fix the crash (#99)") == 99);
    CHECK(pull_request_of("Revert \"Fix the crash (#99)\" (#100)") == 100);
    CHECK_FALSE(pull_request_of("Revert \"Fix the crash (#99)\""));
    CHECK_FALSE(pull_request_of("Fix #99"));
    CHECK_FALSE(pull_request_of("Fix (#99) for good"));
    CHECK_FALSE(pull_request_of("Fix (#)"));
    CHECK_FALSE(pull_request_of("Fix (#0)"));
    CHECK_FALSE(pull_request_of("Merge pull request #99999999999999999999 from a/b"));
    CHECK_FALSE(pull_request_of(""));
}

TEST_CASE("MurmurHash3 gives the values git tests its own with", "[git]") {
    CHECK(murmur3(0, "", false) == 0x00000000);
    CHECK(murmur3(0, "Hello world!", false) == 0x627b0c2c);
    CHECK(murmur3(0, "The quick brown fox jumps over the lazy dog", false) == 0x2e4ff723);
    CHECK(murmur3(0, "\x99\xaa\xbb\xcc\xdd\xee\xff", false) == 0xa183ccfd);
    CHECK(murmur3(0, "\x99\xaa\xbb\xcc\xdd\xee\xff", true) != 0xa183ccfd);
    CHECK(murmur3(0, "Hello world!", true) == 0x627b0c2c);
}

TEST_CASE("A filter that was never computed, or asks for everything, may have changed anything", "[git]") {
    const std::uint8_t none[] = {0};
    const std::uint8_t all[] = {0xff};
    const BloomSettings settings{1, 7};
    CHECK(BloomPath("a/b").may_have_changed({}, settings));
    CHECK(BloomPath("a/b").may_have_changed(all, settings));
    CHECK_FALSE(BloomPath("a/b").may_have_changed(none, settings));
    CHECK(BloomPath("").may_have_changed(none, settings));
}

TEST_CASE("A delta copies and inserts, and one that reaches outside is refused", "[git]") {
    std::string result(7, '?');
    CHECK(applies("0123456789",
                  std::string("\x91\x02\x03\x04", 3) + "\x04"
                                                       "abcd",
                  result));
    CHECK(result == "234abcd");
    CHECK_FALSE(applies("0123456789", std::string("\x91\x08\x07", 3), result));  // past the base
    CHECK_FALSE(applies("0123456789", std::string("\x91\x00\x08", 3), result));  // past the result
    CHECK_FALSE(applies("0123456789", std::string("\x91\x00\x03", 3), result));  // not all written
    CHECK_FALSE(applies("0123456789",
                        std::string("\x05"
                                    "abc",
                                    4),
                        result));                                            // insert cut short
    CHECK_FALSE(applies("0123456789", std::string("\x91\x00", 2), result));  // copy cut short
    CHECK_FALSE(applies("0123456789", std::string("\0", 1), result));        // reserved
    CHECK_FALSE(applies("0123456789", std::string("\xff\xff\xff\xff\xff\xff\xff\xff", 8), result));
    DeltaHeader header;
    CHECK(read_delta_header(bytes_of("\x8a\x01\x07xyz"), header));
    CHECK(header.base_size == 138);
    CHECK(header.result_size == 7);
    CHECK(header.body.size() == 3);
    CHECK_FALSE(read_delta_header(bytes_of("\x80\x80"), header));
    CHECK_FALSE(read_delta_header(bytes_of(std::string(30, '\xff')), header));
}

TEST_CASE("The links of a commit are read leniently where git does so, and refused where it has no tree", "[git]") {
    const std::string oid = "1234567890123456789012345678901234567890";
    CommitLinks links;
    const std::string whole =
        "tree " + oid + "\nparent " + oid + "\nparent " + oid +
        "\nauthor A <a@b> 5 +0000\ncommitter C D <c@d> 1234 +0100\ngpgsig x\n y\n\nsubject\nline\n\nbody";
    REQUIRE(parse_commit_links(whole, links));
    CHECK(links.tree.hex() == oid);
    CHECK(links.parents.size() == 2);
    CHECK(links.time == 1234);
    for (const char* committer : {"C <c@d> -7 +0000", "C <c@d> 99999999999999999999 +0000", "C <c@d>", "", "C"}) {
        CAPTURE(committer);
        CHECK(parse_commit_links("tree " + oid + "\ncommitter " + committer + "\n\nx", links));
        CHECK(links.time == 0);
    }
    CHECK_FALSE(parse_commit_links("", links));
    CHECK_FALSE(parse_commit_links("tree 123\n", links));
    CHECK_FALSE(parse_commit_links("tree " + oid + "\nparent x\n", links));
}

TEST_CASE("A tree that is cut short or has no mode is malformed", "[git]") {
    const std::string row = std::string("100644 name\0", 12) + std::string(20, 'x');
    for (const std::string& text : {row.substr(0, row.size() - 1), std::string("100644"), std::string("100644 name"),
                                    "x" + row, std::string(" name\0", 6) + std::string(20, 'x'), row + "1"}) {
        ByteView tree = bytes_of(text);
        TreeRow found;
        bool malformed = false;
        while (next_tree_row(tree, found, malformed)) {
        }
        CHECK(malformed);
    }
    ByteView tree = bytes_of(row);
    TreeRow found;
    bool malformed = true;
    REQUIRE(next_tree_row(tree, found, malformed));
    CHECK(found.name == "name");
    CHECK(found.entry.is_file());
    CHECK_FALSE(next_tree_row(tree, found, malformed));
    CHECK_FALSE(malformed);
}

TEST_CASE("An object id is written and read as 40 digits", "[git]") {
    const std::string hex = "00ff10abcdef0123456789abcdef0123456789ab";
    CHECK(Oid::from_hex(hex)->hex() == hex);
    CHECK_FALSE(Oid::from_hex("00ff"));
    CHECK_FALSE(Oid::from_hex(std::string(40, 'g')));
    CHECK(Oid{}.is_zero());
}

TEST_CASE("A path is brought into its plain form", "[git]") {
    CHECK(plain_path("") == "");
    CHECK(plain_path(".") == "");
    CHECK(plain_path("./a//b/./c/") == "a/b/c");
    CHECK(plain_path("..a/b..") == "..a/b..");
}

}  // namespace uhost::git::testing
