// Damaged files under a walk: the answer stays right, or an error says so; nothing crashes.

#include <openssl/evp.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "api/git/ancestry.hpp"
#include "api/git/blame.hpp"
#include "api/git/describe.hpp"
#include "api/git/log_walk.hpp"
#include "git_history_repository.hpp"
#include "host/core/error.hpp"

namespace uhost::git::testing {
namespace {

namespace filesystem = std::filesystem;

std::string read_file(const filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Puts a new file in the place of the old one, as nothing may change under a mapping.
void replace_file(const filesystem::path& path, const std::string& content) {
    filesystem::remove(path);
    std::ofstream(path, std::ios::binary) << content;
}

filesystem::path file_with(const filesystem::path& folder, const std::string& extension) {
    for (const auto& entry : filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == extension) return entry.path();
    }
    FAIL("no " + extension + " in " + folder.string());
    return {};
}

/// A history long enough for deltas and filters, in one pack, with merges.
void fill(TestRepository& repository) {
    std::vector<Change> first;
    for (int i = 0; i < 60; ++i) first.push_back(put("crashes/" + std::to_string(i) + ".rs", std::to_string(i) + "\n"));
    first.push_back(put("a/b/c", "c"));
    int last = repository.next(first);
    for (int i = 0; i < 30; ++i) {
        const std::string path = "crashes/" + std::to_string(i) + ".rs";
        const int side = repository.commit({.parents = {last}, .changes = {drop(path)}});
        const int other = repository.commit({.parents = {last}, .changes = {put("a/b/c", std::to_string(i))}});
        last = repository.commit({.parents = {other, side, last == 1 ? other : 1}, .changes = {drop(path)}});
    }
    repository.write();
    repository.git("repack -adfq --depth=10");
    repository.git("commit-graph write --reachable --changed-paths 2>&1");
    run_shell("chmod -R u+w '" + repository.git_dir().string() + "'");
}

/// What a walk finds, or nothing if it raises an error with a face.
std::optional<std::vector<std::string>> outcome(const TestRepository& repository) {
    DeletionQuery query;
    query.path = "crashes";
    try {
        return commits_and_paths(all_deletions(repository.git_dir(), query));
    } catch (const Error& error) {
        CHECK(error.kind().starts_with("git."));
        CHECK_FALSE(error.message().empty());
        CHECK_FALSE(error.hint().empty());
        return std::nullopt;
    }
}

/// Calls `check` with `file` damaged in many ways, and restores it.
template <typename Check>
void damage(const filesystem::path& file, int flips, const std::function<void(std::string&)>& repair, Check check) {
    const std::string whole = read_file(file);
    std::mt19937 random(7);
    const auto try_content = [&](std::string content) {
        repair(content);
        replace_file(file, content);
        check();
    };
    for (std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{11}, std::size_t{40}, std::size_t{1100},
                             whole.size() / 3, whole.size() / 2, whole.size() - 21, whole.size() - 1}) {
        try_content(whole.substr(0, size));
    }
    for (int i = 0; i < flips; ++i) {
        std::string content = whole;
        // The front, where the structure is, as often as the rest.
        const std::size_t reach = i % 2 == 0 ? content.size() : std::min<std::size_t>(content.size(), 1200);
        const std::size_t at = std::uniform_int_distribution<std::size_t>(0, reach - 1)(random);
        content[at] = static_cast<char>(content[at] ^ (1 << std::uniform_int_distribution<int>(0, 7)(random)));
        if (i % 5 == 0) content[at] = static_cast<char>(0xff);
        CAPTURE(i, at);
        try_content(content);
    }
    replace_file(file, whole);
}

void leave(std::string&) {}

/// Makes the closing checksum right again, so that only the checks of the content are left.
void sign(std::string& content) {
    if (content.size() < 20) return;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    REQUIRE(EVP_Digest(content.data(), content.size() - 20, digest, &size, EVP_sha1(), nullptr) == 1);
    content.replace(content.size() - 20, 20, reinterpret_cast<char*>(digest), 20);
}

}  // namespace

TEST_CASE("A damaged commit-graph is left aside", "[git]") {
    TestRepository repository;
    fill(repository);
    const auto expected = outcome(repository);
    REQUIRE(expected);
    CHECK(expected->size() == 30);
    damage(repository.git_dir() / "objects/info/commit-graph", 120, leave,
           [&] { CHECK(outcome(repository) == expected); });
}

TEST_CASE("A commit-graph that was damaged and signed anew crashes nothing", "[git]") {
    TestRepository repository;
    fill(repository);
    damage(repository.git_dir() / "objects/info/commit-graph", 300, sign, [&] { outcome(repository); });
}

TEST_CASE("Questions to a damaged commit-graph end, with an answer or an error", "[git]") {
    TestRepository repository;
    fill(repository);
    repository.git("tag old main~20");
    LogQuery of_paths, sorted;
    of_paths.paths = {"crashes/3.rs", "a"};
    sorted.order = LogOrder::topo;
    DescribeQuery describing;
    describing.revision = "main";
    BlameQuery blaming;
    blaming.revision = "main";
    blaming.path = "a/b/c";
    const auto list = [](const Repository& opened, LogQuery query) {
        set_range(opened, "old..main", query);
        LogWalk(opened, query).next_batch(1000, {});
    };
    const std::function<void(const Repository&)> questions[]{
        [](const Repository& opened) { ahead_behind(opened, "main~3", "old"); },
        [](const Repository& opened) { is_ancestor(opened, "old", "main"); },
        [&](const Repository& opened) { describe(opened, describing); },
        [&](const Repository& opened) { blame(opened, blaming, {}); },
        [&](const Repository& opened) { list(opened, of_paths); },
        [&](const Repository& opened) { list(opened, sorted); },
    };
    for (const auto& repair : {leave, sign}) {
        damage(repository.git_dir() / "objects/info/commit-graph", 60, repair, [&] {
            const auto opened = Repository::open(repository.git_dir());
            for (const auto& question : questions) {
                try {
                    question(*opened);
                } catch (const Error& error) {
                    CAPTURE(error.message());
                    // A graph that is signed anew may name what was never there.
                    const bool named = repair == sign && error.kind() == "git.missing_object";
                    CHECK((named || error.kind() == "git.corrupt_graph"));
                    CHECK_FALSE(error.hint().empty());
                }
            }
        });
    }
}

TEST_CASE("A damaged link of a chain of commit-graphs leaves the whole chain aside", "[git]") {
    TestRepository repository;
    fill(repository);
    const auto expected = outcome(repository);
    filesystem::remove(repository.git_dir() / "objects/info/commit-graph");
    repository.git("update-ref refs/heads/main main~3");
    repository.git("update-ref -d refs/heads/made");
    repository.git("commit-graph write --reachable --changed-paths --split 2>&1");
    repository.git("update-ref refs/heads/main " + repository.oid(91).hex());
    repository.git("commit-graph write --reachable --changed-paths --split=no-merge 2>&1");
    const auto folder = repository.git_dir() / "objects/info/commit-graphs";
    CHECK(outcome(repository) == expected);
    damage(folder / "commit-graph-chain", 30, leave, [&] { CHECK(outcome(repository) == expected); });
    damage(file_with(folder, ".graph"), 30, leave, [&] { CHECK(outcome(repository) == expected); });
    CHECK(outcome(repository) == expected);
}

TEST_CASE("A damaged pack or index gives the right answer or an error", "[git]") {
    TestRepository repository;
    fill(repository);
    filesystem::remove(repository.git_dir() / "objects/info/commit-graph");
    const auto expected = outcome(repository);
    REQUIRE(expected);
    const auto folder = repository.git_dir() / "objects/pack";
    int answered = 0;
    for (const char* extension : {".idx", ".pack"}) {
        damage(file_with(folder, extension), 150, leave, [&] {
            const auto reported = outcome(repository);
            if (reported) ++answered;
            if (reported) CHECK(reported == expected);
        });
    }
    CHECK(answered > 30);
    CHECK(outcome(repository) == expected);
}

}  // namespace uhost::git::testing
