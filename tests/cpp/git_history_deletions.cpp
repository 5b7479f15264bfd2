// Which deletions are reported, and with what: each way in which plain `git log` misleads has its test.

#include <catch2/catch.hpp>

#include "git_history_repository.hpp"
#include "host/core/error.hpp"

namespace uhost::git::testing {
namespace {

using Paths = std::vector<std::string>;

DeletionQuery crashes() {
    DeletionQuery query;
    query.path = "tests/crashes";
    return query;
}

std::vector<Deletion> checked(const TestRepository& repository, const DeletionQuery& query) {
    auto deletions = all_deletions(repository.git_dir(), query);
    CHECK(commits_and_paths(deletions) == answer_of_git(repository, query));
    return deletions;
}

}  // namespace

TEST_CASE("A deletion on a side branch is reported once, at its commit, with the merge and pull request", "[git]") {
    TestRepository repository;
    const int start = repository.next({put("tests/crashes/1.rs", "one\n"), put("a", "a\n")}, "start");
    const int side = repository.commit({.parents = {start},
                                        .changes = {drop("tests/crashes/1.rs")},
                                        .subject = "Fix the crash",
                                        .author = "Bea Branch <bea@example.org>"});
    const int mainline = repository.commit({.parents = {start}, .changes = {put("a", "b\n")}});
    const int merge = repository.commit({.parents = {mainline, side},
                                         .changes = {drop("tests/crashes/1.rs")},
                                         .subject = "Auto merge of #77 - bea:fix, r=carl"});
    repository.commit({.parents = {merge}, .changes = {put("a", "c\n")}});
    repository.write();

    const auto deletions = checked(repository, crashes());
    REQUIRE(deletions.size() == 1);
    const Deletion& deletion = deletions.front();
    CHECK(deletion.path == "tests/crashes/1.rs");
    CHECK(deletion.commit == repository.oid(side));
    CHECK(deletion.merge == repository.oid(merge));
    CHECK(deletion.pull_request == 77);
    CHECK(deletion.author_name == "Bea Branch");
    CHECK(deletion.author_email == "bea@example.org");
    CHECK(deletion.subject == "Fix the crash");
    CHECK(deletion.time == 1'600'000'000 + 2 * 3600);
    CHECK_FALSE(deletion.present);
    CHECK_FALSE(deletion.moved_to);
    CHECK(read_content(repository.git_dir(), deletion.blob, 100) == "one\n");
}

TEST_CASE("A file that both sides of a merge deleted is reported for both", "[git]") {
    TestRepository repository;
    const int start = repository.next({put("tests/crashes/1.rs", "one\n")});
    const int left = repository.commit({.parents = {start}, .changes = {drop("tests/crashes/1.rs")}});
    const int right = repository.commit({.parents = {start}, .changes = {drop("tests/crashes/1.rs"), put("b", "b")}});
    repository.commit({.parents = {left, right}, .changes = {put("b", "b")}});
    repository.write();
    CHECK(checked(repository, crashes()).size() == 2);
}

TEST_CASE("A deletion by the merge itself is reported at the merge, also with many parents", "[git]") {
    TestRepository repository;
    const int start = repository.next({put("tests/crashes/1.rs", "one\n"), put("tests/crashes/2.rs", "two\n")});
    const int a = repository.commit({.parents = {start}, .changes = {put("a", "a")}});
    const int b = repository.commit({.parents = {start}, .changes = {put("b", "b")}});
    const int c = repository.commit({.parents = {start}, .changes = {put("c", "c"), drop("tests/crashes/2.rs")}});
    repository.commit(
        {.parents = {a, b, c},
         .changes = {drop("tests/crashes/1.rs"), drop("tests/crashes/2.rs"), put("b", "b"), put("c", "c")},
         .subject = "Merge three (#5)"});
    repository.write();
    const auto deletions = checked(repository, crashes());
    const Deletion by_merge = only(deletions, "tests/crashes/1.rs");
    CHECK(by_merge.pull_request == 5);
    CHECK_FALSE(by_merge.merge);
    CHECK(only(deletions, "tests/crashes/2.rs").commit == repository.oid(c));
}

TEST_CASE("First parents show a merged deletion at the merge, and nothing that came and went on the branch",
          "[git]") {
    TestRepository repository;
    const int start = repository.next({put("tests/crashes/1.rs", "one\n")});
    const int add = repository.commit({.parents = {start}, .changes = {put("tests/crashes/2.rs", "two\n")}});
    const int side =
        repository.commit({.parents = {add}, .changes = {drop("tests/crashes/2.rs"), drop("tests/crashes/1.rs")}});
    const int merge = repository.commit({.parents = {start, side},
                                         .changes = {drop("tests/crashes/1.rs")},
                                         .subject = "Merge pull request #8 from bea/fix"});
    repository.write();
    DeletionQuery query = crashes();
    CHECK(checked(repository, query).size() == 2);
    query.first_parent = true;
    const auto deletions = checked(repository, query);
    REQUIRE(deletions.size() == 1);
    CHECK(deletions[0].commit == repository.oid(merge));
    CHECK(deletions[0].pull_request == 8);
    CHECK_FALSE(deletions[0].merge);
}

TEST_CASE("In a roll-up the pull request is that of the innermost merge, and the merge that of the mainline", "[git]") {
    TestRepository repository;
    const int start =
        repository.next({put("tests/crashes/1.rs", "1\n"), put("tests/crashes/2.rs", "2\n"), put("m", "")});
    const int fix = repository.commit({.parents = {start}, .changes = {drop("tests/crashes/1.rs")}});
    const int own =
        repository.commit({.parents = {fix}, .changes = {drop("tests/crashes/2.rs")}, .subject = "Two (#31)"});
    const int other = repository.commit({.parents = {start}, .changes = {put("o", "o")}});
    const int first = repository.commit(
        {.parents = {start, other}, .changes = {put("o", "o")}, .subject = "Rollup merge of #20 - o:o, r=r"});
    const int second = repository.commit({.parents = {first, own},
                                          .changes = {drop("tests/crashes/1.rs"), drop("tests/crashes/2.rs")},
                                          .subject = "Rollup merge of #21 - b:b, r=r"});
    const int merge =
        repository.commit({.parents = {start, second},
                           .changes = {drop("tests/crashes/1.rs"), drop("tests/crashes/2.rs"), put("o", "o")},
                           .subject = "Auto merge of #22 - r:rollup, r=r"});
    repository.write();
    const auto deletions = checked(repository, crashes());
    CHECK(only(deletions, "tests/crashes/1.rs").pull_request == 21);
    CHECK(only(deletions, "tests/crashes/1.rs").merge == repository.oid(merge));
    CHECK(only(deletions, "tests/crashes/2.rs").pull_request == 31);
    CHECK(only(deletions, "tests/crashes/2.rs").merge == repository.oid(merge));
}

TEST_CASE("A branch that was merged twice belongs to the merge that came first", "[git]") {
    TestRepository repository;
    const int start = repository.next({put("tests/crashes/1.rs", "1\n"), put("tests/crashes/2.rs", "2\n")});
    const int side = repository.commit({.parents = {start}, .changes = {drop("tests/crashes/1.rs")}});
    const int later = repository.commit({.parents = {side}, .changes = {drop("tests/crashes/2.rs")}});
    const int first = repository.commit({.parents = {start, side},
                                         .changes = {drop("tests/crashes/1.rs")},
                                         .subject = "Merge branch 'without a number'"});
    const int second = repository.commit({.parents = {first, later},
                                          .changes = {drop("tests/crashes/2.rs")},
                                          .subject = "Merge pull request #9 from b/c"});
    repository.write();
    const auto deletions = checked(repository, crashes());
    CHECK(only(deletions, "tests/crashes/1.rs").merge == repository.oid(first));
    CHECK_FALSE(only(deletions, "tests/crashes/1.rs").pull_request);
    CHECK(only(deletions, "tests/crashes/2.rs").merge == repository.oid(second));
    CHECK(only(deletions, "tests/crashes/2.rs").pull_request == 9);
}

TEST_CASE("A file that came back is reported as present", "[git]") {
    TestRepository repository;
    repository.next({put("tests/crashes/1.rs", "one\n"), put("tests/crashes/2.rs", "two\n")});
    repository.next({drop("tests/crashes/1.rs"), drop("tests/crashes/2.rs")});
    repository.next({put("tests/crashes/1.rs", "again\n")});
    repository.write();
    const auto deletions = checked(repository, crashes());
    CHECK(only(deletions, "tests/crashes/1.rs").present);
    CHECK_FALSE(only(deletions, "tests/crashes/2.rs").present);
    CHECK(files_present(repository.git_dir(), repository.oid(3),
                        std::vector<std::string>{"tests/crashes/1.rs", "tests/crashes/2.rs", "none/at/all", "tests"}) ==
          std::vector<bool>{true, false, false, false});
}

TEST_CASE("A change of type or mode keeps the file, but one that became a folder went away", "[git]") {
    TestRepository repository;
    const std::string commit_id = "1234567890123456789012345678901234567890";
    repository.next({put("tests/crashes/link", "a"), put("tests/crashes/module", "b"), put("tests/crashes/folder", "c"),
                     put("tests/crashes/script", "d"), put("tests/crashes/deep/er", "e")});
    repository.next({put("tests/crashes/link", "target", "120000"), put("tests/crashes/module", commit_id, "160000"),
                     drop("tests/crashes/folder"), put("tests/crashes/folder/inside", "f"),
                     put("tests/crashes/script", "d", "100755"), drop("tests/crashes/deep/er"),
                     put("tests/crashes/deep", "g")});
    repository.next({drop("tests/crashes/module")});
    repository.next({drop("tests/crashes/link")});
    repository.write();
    CHECK(paths_of(checked(repository, crashes())) ==
          Paths{"tests/crashes/link", "tests/crashes/deep/er", "tests/crashes/folder"});
}

TEST_CASE("Roots, several of them, and a merge of unrelated histories delete nothing by themselves", "[git]") {
    TestRepository repository;
    const int first = repository.next({put("tests/crashes/1.rs", "1\n")});
    const int other = repository.commit({.parents = {}, .changes = {put("tests/crashes/2.rs", "2\n")}});
    const int gone = repository.commit({.parents = {other}, .changes = {drop("tests/crashes/2.rs"), put("x", "x")}});
    const int merge = repository.commit({.parents = {first, gone}, .changes = {put("x", "x")}});
    repository.commit({.parents = {merge}, .changes = {put("y", "y")}});
    repository.write();
    CHECK(paths_of(checked(repository, crashes())) == Paths{"tests/crashes/2.rs"});
}

TEST_CASE("A path may be a file, a folder that became a file, or everything", "[git]") {
    TestRepository repository;
    repository.next({put("tests/crashes/1.rs", "1\n"), put("tests/crashes/2.rs", "2\n"), put("top", "t")});
    repository.next({drop("tests/crashes/1.rs"), drop("top")});
    repository.next({drop("tests/crashes/2.rs"), put("tests/crashes", "now a file")});
    repository.next({drop("tests/crashes")});
    repository.write();
    DeletionQuery query;
    for (const char* path : {"tests/crashes/1.rs", "tests/crashes", "tests", "", "top", "nowhere"}) {
        query.path = path;
        CAPTURE(path);
        checked(repository, query);
    }
    query.path = "./tests//crashes/";
    CHECK(all_deletions(repository.git_dir(), query).size() == 3);
    query.path = "tests/../top";
    CHECK_THROWS_AS(DeletionWalk(repository.git_dir(), query), Error);
    query.path = "/top";
    CHECK_THROWS_AS(DeletionWalk(repository.git_dir(), query), Error);
}

TEST_CASE("Dates bound the commits, whatever the clocks of those between said", "[git]") {
    TestRepository repository;
    std::int64_t time = 1'700'000'000;
    int last = 0;
    const auto step = [&](std::vector<Change> changes, std::int64_t at) {
        last = repository.commit(
            {.parents = last != 0 ? std::vector{last} : std::vector<int>{}, .changes = changes, .time = at});
        return last;
    };
    step({put("tests/crashes/1.rs", "1"), put("tests/crashes/2.rs", "2"), put("tests/crashes/3.rs", "3")}, time);
    step({drop("tests/crashes/1.rs")}, time + 100);
    step({drop("tests/crashes/2.rs")}, time + 200);
    for (int i = 0; i < 40; ++i) step({put("a", std::to_string(i))}, 1000 + i);  // a clock that started at 1970
    step({drop("tests/crashes/3.rs")}, time + 300);
    repository.write();
    DeletionQuery query = crashes();
    query.since = time + 150;
    CHECK(paths_of(all_deletions(repository.git_dir(), query)) == Paths{"tests/crashes/3.rs", "tests/crashes/2.rs"});
    query.until = time + 200;
    CHECK(paths_of(all_deletions(repository.git_dir(), query)) == Paths{"tests/crashes/2.rs"});
    query.since = time + 201;
    query.until = time + 299;
    CHECK(all_deletions(repository.git_dir(), query).empty());
}

TEST_CASE("Children come before their parents even if their clocks were slow", "[git]") {
    TestRepository repository;
    repository.commit(
        {.parents = {}, .changes = {put("tests/crashes/1.rs", "1"), put("tests/crashes/2.rs", "2")}, .time = 5000});
    repository.commit({.parents = {1}, .changes = {drop("tests/crashes/1.rs")}, .time = 9000});
    repository.commit({.parents = {2}, .changes = {drop("tests/crashes/2.rs")}, .time = 100});
    repository.write();
    CHECK(paths_of(checked(repository, crashes())) == Paths{"tests/crashes/2.rs", "tests/crashes/1.rs"});
}

TEST_CASE("Batches of any size give the same, and a cancelled walk continues", "[git]") {
    TestRepository repository;
    std::vector<Change> many;
    for (int i = 0; i < 40; ++i) many.push_back(put("tests/crashes/" + std::to_string(i) + ".rs", std::to_string(i)));
    repository.next(many);
    for (int i = 0; i < 40; ++i) repository.next({drop("tests/crashes/" + std::to_string(i) + ".rs")});
    repository.write();
    const auto whole = all_deletions(repository.git_dir(), crashes());
    REQUIRE(whole.size() == 40);
    CHECK(paths_of(all_deletions(repository.git_dir(), crashes(), 1)) == paths_of(whole));
    CHECK(paths_of(all_deletions(repository.git_dir(), crashes(), 7)) == paths_of(whole));

    DeletionWalk walk(repository.git_dir(), crashes());
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(walk.next_batch(100, stop.get_token()), Error);
    CHECK(paths_of(walk.next_batch(100)) == paths_of(whole));
    CHECK(walk.next_batch(100).empty());
}

}  // namespace uhost::git::testing
