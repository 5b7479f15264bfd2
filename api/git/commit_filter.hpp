#pragma once

#include "api/git/log_walk.hpp"
#include "api/re/line_search.hpp"

namespace uhost::git {

/// Reads commits, decides which of them a log wants, and finds out what they changed. For one thread.
class CommitFilter {
public:
    CommitFilter(const ObjectStore& store, const LogQuery& query);

    /// Completes a commit whose `commit.id` and `text` (its object) are known; false if the query leaves it out.
    bool complete(LoggedCommit& commit, std::string_view text);

private:
    bool matches_text(const Commit& commit);
    bool is_picked(const ChangedFile& file);
    bool changes_matching_line(std::string_view before, std::string_view after);
    std::vector<ChangedFile> files_of(const LoggedCommit& logged);

    ObjectReader reader_;
    TreeComparison trees_;
    const LogQuery& query_;
    ChangesQuery changes_;
    CommitLinks links_;
    std::optional<re::LineSearch> author_, grep_;
    std::optional<re::Matcher> line_;
};

}  // namespace uhost::git
