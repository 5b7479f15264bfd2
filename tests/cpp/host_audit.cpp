#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "host/audit/trail.hpp"
#include "host/core/error.hpp"
#include "host/plan/mutation.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;

namespace {

struct World {
    TemporaryFolder folder;
    Vault vault;
    std::filesystem::path file = folder.path() / "audit.sqlite";
    StoredAuditTrail open() const { return {{file.string(), "", ""}, vault, "tidy.lua"}; }
};

Mutation push(const std::string& target) { return {"git.push", target, "push it", {{"old", "1"}, {"new", "2"}}}; }

}  // namespace

TEST_CASE("audit: an entry is there before it ends, and gives all") {
    const World world;
    auto trail = world.open();
    const auto id = trail.started(push("refs/heads/main"));
    auto entry = trail.history({}).at(0);
    CHECK(entry.id == id);
    CHECK(entry.outcome == "started");
    CHECK_FALSE(entry.ended_at.has_value());
    CHECK(entry.started_at.size() == std::string("2026-01-31T00:00:00Z").size());
    CHECK(entry.details == push("").details);
    CHECK(entry.script == "tidy.lua");
    CHECK(entry.process == getpid());
    CHECK_FALSE(entry.machine.empty());
    CHECK_FALSE(entry.user.empty());
    trail.ended(id, "done", "moved to 2");
    entry = trail.history({}).at(0);
    CHECK(entry.outcome == "done");
    CHECK(entry.result == "moved to 2");
    CHECK(entry.ended_at.has_value());
}

TEST_CASE("audit: an entry that has ended stays what it is") {
    const World world;
    auto trail = world.open();
    const auto id = trail.started(push("main"));
    trail.ended(id, "failed", "refused");
    CHECK_THROWS_AS(trail.ended(id, "done", ""), Error);
    CHECK(trail.history({}).at(0).outcome == "failed");
}

TEST_CASE("audit: a change whose process is killed stays visible as started") {
    const World world;
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto trail = world.open();
        trail.started(push("main"));
        raise(SIGKILL);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    auto trail = world.open();
    const auto entry = trail.history({}).at(0);
    CHECK(entry.outcome == "started");
    CHECK(entry.process == child);
}

TEST_CASE("audit: no secret gets into the file, wherever it stands, nor half of one that is cut") {
    World world;
    const std::string secret = "ghp_0123456789abcdefghij";
    world.vault.add("GITHUB_TOKEN", secret);
    {
        auto trail = world.open();
        const auto id = trail.started({"git.push",
                                       "https://x:" + secret + "@host/",
                                       "with " + secret,
                                       {{secret, secret}, {"long", std::string(4090, 'x') + secret}}});
        trail.ended(id, "failed", "refused " + secret);
        CHECK(trail.history({}).at(0).target == "https://x:***@host/");
    }
    for (const auto& entry : std::filesystem::directory_iterator(world.folder.path())) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string content(std::istreambuf_iterator<char>(file), {});
        CHECK(content.find("ghp_0123") == std::string::npos);
    }
}

TEST_CASE("audit: hostile and overlong text is kept within limits") {
    const World world;
    auto trail = world.open();
    Mutation mutation{"git.push", std::string(1 << 20, 'x'), std::string(1 << 20, 'y'), {}};
    for (int i = 0; i < 1000; ++i) {
        mutation.details.emplace_back("name" + std::to_string(i), "quote\" \x01 \xff" + std::string(10'000, 'z'));
    }
    trail.ended(trail.started(mutation), "done", std::string(1 << 20, 'r'));
    const auto entry = trail.history({}).at(0);
    CHECK(entry.target.size() < 5000);
    CHECK(entry.summary.size() < 2000);
    CHECK(entry.result.size() < 5000);
    CHECK(entry.details.size() == 64);
    CHECK(entry.details.front().second.starts_with("quote\" \x01 \xef\xbf\xbdzzz"));
}

TEST_CASE("audit: history gives the newest first, by kind, by room, up to a limit") {
    const World world;
    auto trail = world.open();
    for (const auto* kind : {"git.push", "git.tag", "github.create_issue", "gitx.y", "git.push"}) {
        trail.started({kind, kind, "summary"});
    }
    const auto kinds = [&](const AuditQuery& query) {
        std::string list;
        for (const auto& entry : trail.history(query)) list += entry.kind + " ";
        return list;
    };
    CHECK(kinds({}) == "git.push gitx.y github.create_issue git.tag git.push ");
    CHECK(kinds({"", 2}) == "git.push gitx.y ");
    CHECK(kinds({"git.push"}) == "git.push git.push ");
    CHECK(kinds({"git."}) == "git.push git.tag git.push ");
    CHECK(kinds({"git"}).empty());
    CHECK(kinds({"%"}).empty());
}

TEST_CASE("audit: a trail that cannot be written is an error, so that nothing is changed unseen") {
    World world;
    world.folder.write("audit.sqlite", std::string(5000, 'x'));
    CHECK_THROWS_AS(world.open(), Error);
}
