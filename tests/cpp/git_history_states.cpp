// Repositories in odd states: shallow, partial, incomplete, replaced, empty, borrowed objects.

#include <unistd.h>

#include <catch2/catch.hpp>

#include "git_history_repository.hpp"
#include "host/core/error.hpp"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace uhost::git::testing {
namespace {

DeletionQuery crashes() {
    DeletionQuery query;
    query.path = "crashes";
    return query;
}

/// The error that a whole walk raises.
Error failure_of(const std::filesystem::path& repository, const DeletionQuery& query) {
    try {
        all_deletions(repository, query);
    } catch (const Error& error) {
        return error;
    }
    FAIL("no error was raised");
    return Error("", "");
}

/// Five commits; every second one removes a file.
void fill(TestRepository& repository) {
    repository.next({put("crashes/1.rs", "1\n"), put("crashes/2.rs", "2\n"), put("crashes/3.rs", "3\n")});
    repository.next({drop("crashes/1.rs"), put("a", "1")});
    repository.next({put("a", "2")});
    repository.next({drop("crashes/2.rs"), put("a", "3")});
    repository.next({put("a", "4")});
    repository.write();
}

/// libgit2 1.5 leaks the match of a regular expression whenever it opens a repository with extensions, as partial
/// clones are. While this object lives, the leak checker overlooks what is allocated.
struct OverlookLeaksOfLibgit2 {
#if defined(__SANITIZE_ADDRESS__)
    __lsan::ScopedDisabler disabler;
#endif
};

/// A folder that a command may fill, removed with the object.
struct Folder {
    std::filesystem::path path = make_temporary_folder();
    Folder() = default;
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    std::string text() const { return path.string(); }
};

void clone(const TestRepository& from, const Folder& to, const std::string& options) {
    from.git("config uploadpack.allowFilter true");
    from.git("config uploadpack.allowAnySHA1InWant true");
    from.git("clone -q --bare " + options + " 'file://" + from.path().string() + "' '" + to.text() + "' 2>&1");
}

/// Takes an object out of a repository whose objects are loose.
void remove_object(const TestRepository& repository, const std::string& revision) {
    std::string hex = repository.git("rev-parse " + revision);
    hex.erase(hex.find_last_not_of('\n') + 1);
    REQUIRE(std::filesystem::remove(repository.git_dir() / "objects" / hex.substr(0, 2) / hex.substr(2)));
}

}  // namespace

TEST_CASE("A shallow clone cut inside the range is an error that names the cure", "[git]") {
    TestRepository origin;
    fill(origin);
    const Folder shallow;
    clone(origin, shallow, "--depth 3");
    const Error error = failure_of(shallow.path, crashes());
    CHECK(error.kind() == "git.shallow");
    CHECK(error.hint().find("fetch-depth: 0") != std::string::npos);
    CHECK(error.message().find(origin.oid(3).hex()) != std::string::npos);
}

TEST_CASE("A shallow clone that holds all of the range answers", "[git]") {
    TestRepository origin;
    fill(origin);
    const Folder shallow;
    clone(origin, shallow, "--depth 3");
    DeletionQuery query = crashes();
    query.since = 1'600'000'000 + 4 * 3600;
    CHECK(paths_of(all_deletions(shallow.path, query)) == std::vector<std::string>{"crashes/2.rs"});
    const Folder whole;
    clone(origin, whole, "--depth 100");
    CHECK(all_deletions(whole.path, crashes()).size() == 2);
}

TEST_CASE("A missing commit or tree is an error that names it", "[git]") {
    for (const char* revision : {"main~3", "main~3^{tree}", "main~3:crashes"}) {
        CAPTURE(revision);
        TestRepository repository;
        fill(repository);
        std::string hex = repository.git(std::string("rev-parse ") + revision);
        hex.erase(hex.find_last_not_of('\n') + 1);
        remove_object(repository, revision);
        const Error error = failure_of(repository.git_dir(), crashes());
        CHECK(error.kind() == "git.missing_object");
        CHECK(error.message().find(hex) != std::string::npos);
        CHECK(error.hint().find("git fsck") != std::string::npos);
    }
}

TEST_CASE("A tip that is missing or no commit is an error; a tag of a commit will do", "[git]") {
    TestRepository repository;
    fill(repository);
    DeletionQuery query = crashes();
    query.tip = Oid::from_hex("1234567890123456789012345678901234567890");
    CHECK(failure_of(repository.git_dir(), query).kind() == "git.missing_object");
    query.tip = Oid::from_hex(repository.git("rev-parse main^{tree}").substr(0, 40));
    CHECK(failure_of(repository.git_dir(), query).kind() == "git.not_a_commit");
    repository.git("tag -a -m note v1 main~1");
    query.tip = Oid::from_hex(repository.git("rev-parse v1").substr(0, 40));
    CHECK(all_deletions(repository.git_dir(), query).size() == 2);
}

TEST_CASE("A clone that lacks contents decides nothing without them, and says what to fetch", "[git]") {
    [[maybe_unused]] const OverlookLeaksOfLibgit2 overlook;
    TestRepository origin;
    fill(origin);
    origin.next({put("crashes/9.rs", "a\nb\nc\n")});
    origin.next({drop("crashes/9.rs"), put("ui/9.rs", "a\nb\nd\n"), drop("crashes/3.rs"), put("ui/3.rs", "3\n")});
    origin.write();
    const Folder blobless;
    clone(origin, blobless, "--filter=blob:none");
    const Error missing = failure_of(blobless.path, crashes());
    CHECK(missing.kind() == "git.missing_object");
    CHECK(missing.hint().find("--no-filter") != std::string::npos);
    DeletionQuery without_moves = crashes();
    without_moves.renames = false;
    CHECK(all_deletions(blobless.path, without_moves).size() == 4);
    const Folder treeless;
    clone(origin, treeless, "--filter=tree:0");
    const Error error = failure_of(treeless.path, crashes());
    CHECK(error.kind() == "git.missing_object");
    CHECK(error.hint().find("--no-filter") != std::string::npos);
}

TEST_CASE("Replaced objects are followed, also past a commit-graph that was made before", "[git]") {
    TestRepository repository;
    fill(repository);
    repository.git("commit-graph write --reachable --changed-paths 2>&1");
    CHECK(all_deletions(repository.git_dir(), crashes()).size() == 2);
    repository.git("replace main~1 main~2");  // the second deletion never happened
    CHECK(commits_and_paths(all_deletions(repository.git_dir(), crashes())) == answer_of_git(repository, crashes()));
    REQUIRE(::setenv("GIT_NO_REPLACE_OBJECTS", "1", 1) == 0);
    CHECK(all_deletions(repository.git_dir(), crashes()).size() == 2);
    REQUIRE(::unsetenv("GIT_NO_REPLACE_OBJECTS") == 0);
    repository.git("config core.useReplaceRefs false");
    CHECK(all_deletions(repository.git_dir(), crashes()).size() == 2);
}

TEST_CASE("A repository without commits has no deletions, and no repository is an error", "[git]") {
    const TestRepository empty;
    DeletionWalk walk(empty.git_dir(), crashes());
    CHECK_FALSE(walk.tip());
    CHECK(walk.next_batch(10).empty());
    const Folder nothing;
    CHECK(failure_of(nothing.path, crashes()).kind() == "git.not_found");
}

TEST_CASE("A bare repository, a worktree and borrowed objects give what their origin gives", "[git]") {
    TestRepository origin;
    fill(origin);
    origin.git("repack -adq");
    const auto expected = commits_and_paths(all_deletions(origin.git_dir(), crashes()));
    REQUIRE(expected.size() == 2);
    CHECK(commits_and_paths(all_deletions(origin.path(), crashes())) == expected);
    const Folder bare, worktree, borrower;
    clone(origin, bare, "");
    CHECK(commits_and_paths(all_deletions(bare.path, crashes())) == expected);
    origin.git("worktree add -q --detach '" + worktree.text() + "/tree' main 2>&1");
    CHECK(commits_and_paths(all_deletions(worktree.path / "tree", crashes())) == expected);
    origin.git("clone -q --shared --bare '" + origin.path().string() + "' '" + borrower.text() + "' 2>&1");
    CHECK(commits_and_paths(all_deletions(borrower.path, crashes())) == expected);
}

TEST_CASE("A repository of another user is an error that names safe.directory", "[git]") {
    if (::geteuid() != 0) {
        WARN("skipped: only root can give a folder away");
        return;
    }
    TestRepository repository;
    fill(repository);
    run_shell("chown -R 12345 '" + repository.path().string() + "'");
    const Error error = failure_of(repository.git_dir(), crashes());
    CHECK(error.kind() == "git.owner");
    CHECK(error.hint().find("safe.directory") != std::string::npos);
}

TEST_CASE("What came and went within a merge was never in the mainline, and no deletion hides another", "[git]") {
    TestRepository repository;
    const int start = repository.next({put("crashes/1.rs", "1\n"), put("crashes/2.rs", "2\n")});
    const int gone = repository.commit({.parents = {start}, .changes = {drop("crashes/1.rs")}});
    const int again = repository.commit({.parents = {start}, .changes = {put("crashes/3.rs", "3\n")}});
    const int never = repository.commit({.parents = {again}, .changes = {drop("crashes/3.rs")}});
    const int twice = repository.commit({.parents = {never}, .changes = {drop("crashes/1.rs"), drop("crashes/2.rs")}});
    repository.commit({.parents = {gone, twice}, .changes = {drop("crashes/2.rs")}});
    repository.write();
    std::map<std::pair<Oid, std::string>, bool> in_mainline;
    for (const Deletion& deletion : all_deletions(repository.git_dir(), crashes())) {
        in_mainline[{deletion.commit, deletion.path}] = deletion.in_mainline;
    }
    const std::map<std::pair<Oid, std::string>, bool> expected{{{repository.oid(gone), "crashes/1.rs"}, true},
                                                               {{repository.oid(never), "crashes/3.rs"}, false},
                                                               {{repository.oid(twice), "crashes/1.rs"}, false},
                                                               {{repository.oid(twice), "crashes/2.rs"}, true}};
    CHECK(in_mainline == expected);
}

TEST_CASE("A HEAD that names a branch which is not there, while others are, is an error", "[git]") {
    TestRepository repository;
    fill(repository);
    repository.git("symbolic-ref HEAD refs/heads/master");
    const Error error = failure_of(repository.git_dir(), crashes());
    CHECK(error.kind() == "git.unborn_head");
    CHECK(error.message().find("refs/heads/master") != std::string::npos);
    CHECK(error.hint().find("git symbolic-ref HEAD") != std::string::npos);
}

TEST_CASE("Of a list of files only these count, with their moves", "[git]") {
    TestRepository repository;
    fill(repository);
    repository.next({drop("crashes/3.rs"), put("ui/3.rs", "3\n")});
    repository.write();
    DeletionQuery query;
    query.path = "crashes";
    query.files = {"crashes/3.rs", "crashes/1.rs", "crashes/4.rs"};
    const auto found = all_deletions(repository.git_dir(), query);
    CHECK(paths_of(found) == std::vector<std::string>{"crashes/3.rs", "crashes/1.rs"});
    CHECK(found.front().moved_to == "ui/3.rs");
}

TEST_CASE("A few objects that stand for millions of files are an error, not a full memory", "[git]") {
    TestRepository repository;
    repository.next({put("a", "a")});
    repository.write();
    const std::string script =
        "cd '" + repository.path().string() +
        "' && id=$(echo x | git hash-object -w --stdin) && type='100644 blob' && "
        "for level in 1 2 3 4 5 6 7; do id=$(for name in 0 1 2 3 4 5 6 7 8 9; do printf '%s %s\\t%s\\n' \"$type\" $id "
        "$name; "
        "done | git mktree); type='040000 tree'; done && "
        "full=$(printf '040000 tree %s\\tcrashes\\n' $id | git mktree) && first=$(git commit-tree -m full $full) && "
        "git commit-tree -p $first -m empty $(git mktree </dev/null) >tip";
    run_shell("export GIT_CONFIG_GLOBAL=/dev/null; " + script);
    DeletionQuery query = crashes();
    query.tip = Oid::from_hex(run_shell("head -c 40 '" + repository.path().string() + "/tip'"));
    const Error error = failure_of(repository.git_dir(), query);
    CHECK(error.kind() == "git.limit");
    CHECK(error.message().size() < 300);
}

TEST_CASE("Names beyond ASCII are found through changed-path filters, whose first version hashed them oddly", "[git]") {
    TestRepository repository;
    repository.next({put("crashes/größe/1.rs", "1\n"), put("crashes/größe/2.rs", "2\n"), put("a", "a")});
    repository.next({put("a", "b")});
    repository.next({drop("crashes/größe/1.rs")});
    repository.write();
    repository.git("commit-graph write --reachable --changed-paths 2>&1");
    DeletionQuery query;
    query.path = "crashes/größe";
    CHECK(paths_of(all_deletions(repository.git_dir(), query)) == std::vector<std::string>{"crashes/größe/1.rs"});
}

}  // namespace uhost::git::testing
