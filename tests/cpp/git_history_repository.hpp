#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/git/history/deletions.hpp"

namespace uhost::git::testing {

/// What a commit of a test does to a path. No content: it takes the path away.
struct Change {
    std::string path;
    std::optional<std::string> content;
    std::string mode = "100644";
};

inline Change put(std::string path, std::string content, std::string mode = "100644") {
    return {std::move(path), std::move(content), std::move(mode)};
}
inline Change drop(std::string path) { return {std::move(path), std::nullopt, ""}; }

/// A commit of a test; changes are relative to the first parent. Commits are numbered from 1.
struct CommitPlan {
    std::vector<int> parents;
    std::vector<Change> changes;
    std::string subject = "work";
    std::int64_t time = 0;  ///< 0: an hour after the commit before
    std::string author = "Ann Author <ann@example.org>";
};

/// A real repository in a temporary folder, removed with the object. Commits are collected and written by one
/// `git fast-import`; any git command may be run in it. The user's own git settings are kept out.
class TestRepository {
public:
    explicit TestRepository(const std::vector<std::string>& init_options = {});
    ~TestRepository();
    TestRepository(const TestRepository&) = delete;
    TestRepository& operator=(const TestRepository&) = delete;

    int commit(CommitPlan plan);
    /// A commit on top of the last one.
    int next(std::vector<Change> changes, std::string subject = "work");

    /// Writes the commits collected so far; `main` is at `tip` (by default the last one).
    void write(int tip = 0);

    Oid oid(int commit) const;
    const std::filesystem::path& path() const noexcept { return path_; }
    std::filesystem::path git_dir() const { return path_ / ".git"; }

    /// The output of `git ARGUMENTS`; fails the test if git does.
    std::string git(const std::string& arguments) const;

private:
    std::filesystem::path path_;
    std::string stream_;
    int commits_ = 0;
    std::int64_t time_ = 1'600'000'000;
    std::map<int, Oid> oids_;
};

/// The output of a shell command; fails the test if the command does.
std::string run_shell(const std::string& command);

/// A temporary folder's name, made and empty.
std::filesystem::path make_temporary_folder();

/// All that a walk finds, taken in batches of `batch`.
std::vector<Deletion> all_deletions(const std::filesystem::path& repository, DeletionQuery query,
                                    std::size_t batch = 1000);

/// "COMMIT PATH" for each, sorted.
std::vector<std::string> commits_and_paths(const std::vector<Deletion>& deletions);

/// The same from `git log` with the options of the query, and what merges removed themselves.
std::vector<std::string> answer_of_git(const TestRepository& repository, const DeletionQuery& query);

/// The one deletion of `path`; fails the test if there is none or more than one.
Deletion only(const std::vector<Deletion>& deletions, const std::string& path);

std::vector<std::string> paths_of(const std::vector<Deletion>& deletions);

}  // namespace uhost::git::testing
