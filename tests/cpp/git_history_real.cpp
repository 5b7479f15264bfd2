// The history of a real repository of crash tests, rebuilt from its record.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "git_history_repository.hpp"

namespace uhost::git::testing {
namespace {

using nlohmann::json;

/// `../shared/data` beside the source tree. Not from __FILE__: a compiler cache may make it relative.
std::filesystem::path data_folder() {
    const char* source = std::getenv("UHOST_SOURCE");
    return std::filesystem::path(source != nullptr ? source : ".") / "../shared/data";
}

std::vector<json> read_lines(const std::filesystem::path& path) {
    std::vector<json> rows;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) rows.push_back(json::parse(line));
    return rows;
}

/// Twenty lines that no other blob of the record shares, so that only equal blobs are alike.
std::string content_of(const std::string& blob) {
    std::string content;
    for (int i = 0; i < 20; ++i) content += blob + ":" + std::to_string(i) + " " + blob + "\n";
    return content;
}

void rebuild(TestRepository& repository, const std::vector<json>& commits) {
    for (const json& row : commits) {
        CommitPlan plan;
        if (row.at("n") != 0) plan.parents = {row.at("n").get<int>()};
        plan.time = row.at("time");
        if (!row.at("pr").is_null()) {
            plan.subject = "Merge pull request #" + std::to_string(row.at("pr").get<int>()) + " from x/y";
        }
        for (const json& change : row.at("changes")) {
            const std::string path = change.at("path");
            plan.changes.push_back(change.at("op") == "D" ? drop(path) : put(path, content_of(change.at("blob"))));
        }
        repository.commit(std::move(plan));
    }
    repository.write();
}

}  // namespace

TEST_CASE("Every deletion in a real history is reported as the record has it", "[git]") {
    const auto folder = data_folder();
    if (!std::filesystem::exists(folder / "crash_history.jsonl")) {
        std::cerr << "skipped: no ../shared/data/crash_history.jsonl beside the source tree\n";
        return;
    }
    TestRepository repository;
    rebuild(repository, read_lines(folder / "crash_history.jsonl"));
    DeletionQuery query;
    query.path = "ices";
    const auto deletions = all_deletions(repository.git_dir(), query);
    CHECK(commits_and_paths(deletions) == answer_of_git(repository, query));

    std::map<std::pair<Oid, std::string>, const Deletion*> by_place;
    for (const Deletion& deletion : deletions) by_place[{deletion.commit, deletion.path}] = &deletion;
    const auto expected = read_lines(folder / "crash_history_expected.jsonl");
    CHECK(deletions.size() == expected.size());
    for (const json& row : expected) {
        const std::string path = row.at("path");
        CAPTURE(path);
        const auto found = by_place.find({repository.oid(row.at("n").get<int>() + 1), path});
        REQUIRE(found != by_place.end());
        const Deletion& deletion = *found->second;
        CHECK(deletion.time == row.at("time").get<std::int64_t>());
        CHECK(deletion.present == row.at("back_at_end").get<bool>());
        CHECK((deletion.pull_request ? json(*deletion.pull_request) : json()) == row.at("pr"));
        CHECK((deletion.moved_to ? json(*deletion.moved_to) : json()) == row.at("moved_to"));
        CHECK_FALSE(deletion.merge);
    }
}

}  // namespace uhost::git::testing
