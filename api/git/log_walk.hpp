#pragma once

#include <memory>
#include <stop_token>

#include "api/git/history/changes.hpp"
#include "api/git/history/commit_object.hpp"
#include "api/git/log_query.hpp"

namespace uhost::git {

/// A commit, and with LogQuery::files what it changed from its only parent, or from nothing; with a pickaxe, only files
/// that it picks. A merge has no files, except with `first_parent`.
struct LoggedCommit {
    Commit commit;
    std::vector<ChangedFile> files;
    std::string path;  ///< with `follow`, what the file was called
};

/// Lists commits, as `git log` does, reading no further than the caller does (but for an order that only the whole
/// history gives). With `paths`, the commits in which one of them is not what it is in any parent, after git's default
/// history simplification: where a merge has them as one of its parents has, only that parent is followed. (To find
/// every deletion, simplified history will not do: see DeletionWalk.) `since` ends a line of history at the first older
/// commit.
///
/// May be used from any thread, by one at a time.
class LogWalk {
public:
    LogWalk(const Repository& repository, LogQuery query);
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
