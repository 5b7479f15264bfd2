// Merging three versions of a text, on its own: ranges of conflicts, ends of lines, and texts made to be slow.

#include <catch2/catch.hpp>

#include "api/git/merge/line_merge.hpp"

namespace uhost::git::testing {
namespace {

LineMergeOptions labelled(ConflictStyle style = ConflictStyle::merge) {
    LineMergeOptions options;
    options.style = style;
    options.labels = {"base", "ours", "theirs"};
    return options;
}

}  // namespace

TEST_CASE("Changes that do not touch are both taken", "[git]") {
    const auto merge = merge_lines("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", labelled());
    CHECK(merge.text == "A\nb\nc\nD\n");
    CHECK(merge.conflicts.empty());
}

TEST_CASE("A conflict names the lines of each version and of the merged text", "[git]") {
    const auto merge = merge_lines("a\nb\nc\n", "a\nx\ny\nc\n", "a\nz\nc\n", labelled(ConflictStyle::diff3));
    CHECK(merge.text == "a\n<<<<<<< ours\nx\ny\n||||||| base\nb\n=======\nz\n>>>>>>> theirs\nc\n");
    REQUIRE(merge.conflicts.size() == 1);
    const auto& [base, ours, theirs, line] = merge.conflicts.front();
    CHECK((base.first == 2 && base.count == 1));
    CHECK((ours.first == 2 && ours.count == 2));
    CHECK((theirs.first == 2 && theirs.count == 1));
    CHECK(line == 2);
}

TEST_CASE("Markers end as the lines around them do, and a last line gets its end", "[git]") {
    const auto merge = merge_lines("a\r\nb", "a\r\nx", "a\r\ny", labelled());
    CHECK(merge.text == "a\r\n<<<<<<< ours\r\nx\r\n=======\r\ny\r\n>>>>>>> theirs\r\n");
}

TEST_CASE("Both sides' lines, or theirs, can take the place of a conflict", "[git]") {
    auto options = labelled();
    options.union_of_both = true;
    CHECK(merge_lines("a\n", "x\n", "y\n", options).text == "x\ny\n");
    options = labelled();
    options.favor_theirs = true;
    const auto merge = merge_lines("a\nb\n", "x\nb\n", "y\nb\n", options);
    CHECK(merge.text == "y\nb\n");
    CHECK(merge.conflicts.size() == 1);
}

TEST_CASE("A change within lines that the other side took away is one conflict", "[git]") {
    const auto merge = merge_lines("1\n2\n3\n4\n5\n6\n", "5\nx\n", "a\nb\n3\nc\nd\ne\n", labelled());
    CHECK(merge.conflicts.size() == 1);
    CHECK(merge.text.starts_with("<<<<<<< ours\n"));
}

TEST_CASE("Texts of lines that repeat more than 64 times are compared by Myers' search", "[git]") {
    std::string base, ours;
    for (int i = 0; i < 400; ++i) base += i % 2 == 0 ? "{\n" : "}\n";
    ours = base;
    ours.insert(ours.size() / 2, "}\n}\n");
    const auto merge = merge_lines(base, ours, base + "{\n", labelled());
    CHECK(merge.conflicts.empty());
    CHECK(merge.text.size() == base.size() + 6);
}

}  // namespace uhost::git::testing
