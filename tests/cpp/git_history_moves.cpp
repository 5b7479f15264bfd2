// Where deleted files went.

#include <catch2/catch.hpp>

#include "api/git/history/renames.hpp"
#include "git_history_repository.hpp"

namespace uhost::git::testing {
namespace {

/// Lines that no other topic has.
std::string text(const std::string& topic, int lines) {
    std::string result;
    for (int i = 0; i < lines; ++i) result += "let " + topic + "_" + std::to_string(i) + " = " + topic + "();\n";
    return result;
}

std::vector<Deletion> moves_in(const TestRepository& repository, const std::string& path = "tests/crashes") {
    DeletionQuery query;
    query.path = path;
    return all_deletions(repository.git_dir(), query);
}

ByteView bytes_of(const std::string& content) {
    return {reinterpret_cast<const std::uint8_t*>(content.data()), content.size()};
}

}  // namespace

TEST_CASE("A file moved out of the folder says where to, with and without an edit", "[git]") {
    TestRepository repository;
    const std::string edited = text("two", 20);
    repository.next({put("tests/crashes/1.rs", text("one", 20)),
                     put("tests/crashes/2.rs", "//@ known-bug: #2\n" + edited),
                     put("tests/crashes/3.rs", text("three", 20)), put("tests/ui/old.rs", text("old", 20))});
    repository.next({drop("tests/crashes/1.rs"), put("tests/ui/issue-1.rs", text("one", 20)),
                     drop("tests/crashes/2.rs"),
                     put("tests/ui/deep/issue-2.rs", "//@ check-pass\n" + edited + "fn more() {}\n"),
                     drop("tests/crashes/3.rs"), put("tests/ui/unrelated.rs", text("unrelated", 20))});
    repository.write();
    const auto deletions = moves_in(repository);
    CHECK(only(deletions, "tests/crashes/1.rs").moved_to == "tests/ui/issue-1.rs");
    CHECK(only(deletions, "tests/crashes/1.rs").similarity_percent == 100);
    CHECK(only(deletions, "tests/crashes/2.rs").moved_to == "tests/ui/deep/issue-2.rs");
    CHECK(only(deletions, "tests/crashes/2.rs").similarity_percent > 80);
    CHECK(only(deletions, "tests/crashes/2.rs").similarity_percent < 100);
    CHECK_FALSE(only(deletions, "tests/crashes/3.rs").moved_to);

    DeletionQuery query;
    query.path = "tests/crashes";
    query.renames = false;
    for (const Deletion& deletion : all_deletions(repository.git_dir(), query)) CHECK_FALSE(deletion.moved_to);
}

TEST_CASE("A file renamed within the folder to another number is a deletion that moved", "[git]") {
    TestRepository repository;
    repository.next({put("tests/crashes/1.rs", text("one", 10))});
    repository.next({drop("tests/crashes/1.rs"), put("tests/crashes/100.rs", text("one", 10))});
    repository.write();
    CHECK(only(moves_in(repository), "tests/crashes/1.rs").moved_to == "tests/crashes/100.rs");
    CHECK(only(moves_in(repository, "tests/crashes/1.rs"), "tests/crashes/1.rs").moved_to == "tests/crashes/100.rs");
}

TEST_CASE("Of several places with the same content, the one of the same name is taken", "[git]") {
    TestRepository repository;
    repository.next({put("crashes/1.rs", "same\n"), put("crashes/2.rs", "same\n")});
    repository.next(
        {drop("crashes/1.rs"), drop("crashes/2.rs"), put("fixed/2.rs", "same\n"), put("fixed/1.rs", "same\n")});
    repository.write();
    const auto deletions = moves_in(repository, "crashes");
    CHECK(only(deletions, "crashes/1.rs").moved_to == "fixed/1.rs");
    CHECK(only(deletions, "crashes/2.rs").moved_to == "fixed/2.rs");
}

TEST_CASE("Two files of the same content that were folded into one both went there", "[git]") {
    TestRepository repository;
    repository.next({put("crashes/1.rs", "same\n"), put("crashes/2.rs", "same\n")});
    repository.next({drop("crashes/1.rs"), drop("crashes/2.rs"), put("fixed/both.rs", "same\n")});
    repository.write();
    for (const Deletion& deletion : moves_in(repository, "crashes")) CHECK(deletion.moved_to == "fixed/both.rs");
}

TEST_CASE("Empty files, links and files that are there already are not where a file went", "[git]") {
    TestRepository repository;
    repository.next({put("crashes/empty", ""), put("crashes/1.rs", "tests/ui/target"),
                     put("ui/copy.rs", text("two", 9)), put("crashes/2.rs", text("two", 9))});
    repository.next({drop("crashes/empty"), drop("crashes/1.rs"), drop("crashes/2.rs"), put("ui/empty", ""),
                     put("ui/link", "tests/ui/target", "120000"), put("ui/copy.rs", text("two", 10))});
    repository.write();
    const auto deletions = moves_in(repository, "crashes");
    REQUIRE(deletions.size() == 3);
    for (const Deletion& deletion : deletions) CHECK_FALSE(deletion.moved_to);
}

TEST_CASE("Each similar file is taken once, by the one most alike", "[git]") {
    TestRepository repository;
    const std::string common = text("common", 10);
    repository.next({put("crashes/1.rs", common + text("one", 5)), put("crashes/2.rs", common + text("two", 2))});
    repository.next({drop("crashes/1.rs"), drop("crashes/2.rs"), put("ui/new.rs", common + text("two", 3))});
    repository.write();
    const auto deletions = moves_in(repository, "crashes");
    CHECK_FALSE(only(deletions, "crashes/1.rs").moved_to);
    CHECK(only(deletions, "crashes/2.rs").moved_to == "ui/new.rs");
}

TEST_CASE("What a merge removed and moved is found against all of its parents", "[git]") {
    TestRepository repository;
    const int start = repository.next({put("crashes/1.rs", text("one", 9))});
    const int a = repository.commit({.parents = {start}, .changes = {put("ui/decoy.rs", text("one", 9))}});
    const int b = repository.commit({.parents = {start}, .changes = {put("b", "b")}});
    repository.commit(
        {.parents = {b, a},
         .changes = {put("ui/decoy.rs", text("one", 9)), put("ui/real.rs", text("one", 9)), drop("crashes/1.rs")}});
    repository.write();
    CHECK(only(moves_in(repository, "crashes"), "crashes/1.rs").moved_to == "ui/real.rs");
}

TEST_CASE("Moves agree with git's -M50% where each file has one plausible place", "[git]") {
    TestRepository repository;
    std::vector<Change> first, second;
    for (int i = 0; i < 30; ++i) {
        const std::string own = text("own" + std::to_string(i), 10);
        const std::string old_path = "crashes/" + std::to_string(i) + ".rs";
        first.push_back(put(old_path, own));
        second.push_back(drop(old_path));
        // From the same content through ever larger edits to nothing in common.
        std::string kept;
        for (std::size_t at = 0, line = 0; line < static_cast<std::size_t>(10 - i / 3); ++line) {
            const std::size_t end = own.find('\n', at) + 1;
            kept += own.substr(at, end - at);
            at = end;
        }
        second.push_back(put("ui/" + std::to_string(i) + "-moved.rs", kept + text("new" + std::to_string(i), i / 3)));
    }
    repository.next(first);
    repository.next(second);
    repository.write();
    std::map<std::string, std::string> expected;
    const std::string output = repository.git("diff --raw -M50% --diff-filter=R --format= main~1 main");
    for (std::size_t at = 0; at < output.size();) {
        const std::size_t end = output.find('\n', at);
        const std::string line = output.substr(at, end - at);
        const std::size_t first_tab = line.find('\t');
        const std::size_t second_tab = line.find('\t', first_tab + 1);
        expected[line.substr(first_tab + 1, second_tab - first_tab - 1)] = line.substr(second_tab + 1);
        at = end + 1;
    }
    REQUIRE(expected.size() > 10);
    std::map<std::string, std::string> reported;
    for (const Deletion& deletion : moves_in(repository, "crashes")) {
        if (deletion.moved_to) reported[deletion.path] = *deletion.moved_to;
    }
    CHECK(reported == expected);
}

TEST_CASE("Similarity is the share of common lines in the larger content", "[git]") {
    const auto percent = [](const std::string& a, const std::string& b) {
        return ContentSignature(bytes_of(a)).similarity_percent(ContentSignature(bytes_of(b)));
    };
    CHECK(percent("aaaa\nbbbb\n", "aaaa\nbbbb\n") == 100);
    CHECK(percent("aaaa\nbbbb\n", "bbbb\naaaa\n") == 100);
    CHECK(percent("aaaa\nbbbb\n", "aaaa\ncccc\n") == 50);
    CHECK(percent("aaaa\n", "aaaa\naaaa\naaaa\naaaa\n") == 25);
    CHECK(percent("aaaa\n", "bbbb\n") == 0);
    CHECK(percent("", "") == 0);
    CHECK(percent("aaaa\r\nbbbb\r\n", "aaaa\nbbbb\n") > 80);
    const std::string binary("\0\1\2\3\n", 5);
    CHECK(percent(binary, binary) == 100);
    CHECK(percent("aaaa\nbbbb", "aaaa\nbbbb") == 55);  // the unfinished line does not count, as in git 2.39
}

}  // namespace uhost::git::testing
