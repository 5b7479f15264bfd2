#pragma once

#include <memory>
#include <stop_token>

#include "api/git/history/changes.hpp"
#include "api/git/history/commit_object.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// Which commits to list.
struct LogQuery {
    std::vector<Oid> tips;
    std::vector<Oid> hide;                     ///< these and their ancestors are left out
    std::vector<std::string> paths;            ///< files or folders, taken literally; none for all commits
    std::optional<std::int64_t> since, until;  ///< committer dates, Unix seconds, both included
    bool first_parent = false;
    std::optional<std::int64_t> limit;
    bool files = false;   ///< with the files that each commit changed
    bool stats = false;   ///< and how many lines of them; means `files`
    bool renames = true;  ///< find moved files among them
};

/// A commit, and with LogQuery::files what it changed from its only parent, or from nothing. A merge has no files,
/// except with `first_parent`.
struct LoggedCommit {
    Commit commit;
    std::vector<ChangedFile> files;
};

/// Reads "tip", "a..b" (either side may be left out: HEAD) or "a...b" into tips and hidden commits.
/// Raises what require_commit raises.
void set_range(git_repository* repository, const std::string& range, LogQuery& query);

/// Lists commits newest first, as `git log` does, reading no further than the caller goes on. With `paths`, the commits
/// in which one of them is not what it is in any parent, after git's default history simplification: where a merge has
/// them as one of its parents has, only that parent is followed. (To find every deletion, simplified history will not
/// do: see DeletionWalk.) `since` ends a line of history at the first older commit.
///
/// May be used from any thread, by one at a time.
class LogWalk {
public:
    LogWalk(std::shared_ptr<const Repository> repository, LogQuery query);
    ~LogWalk();

    /// The next commits, at most `limit`; fewer only at the end. Raises `git.shallow` where a shallow clone was cut
    /// inside the range, after the commits before it were given; `git.cancelled`, `git.missing_object`,
    /// `git.corrupt_object`.
    std::vector<LoggedCommit> next_batch(std::size_t limit, const std::stop_token& stop);

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace uhost::git
