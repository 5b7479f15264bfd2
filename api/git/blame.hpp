#pragma once

#include "api/git/history/commit_object.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

struct BlameQuery {
    std::string revision, path;
    std::size_t first_line = 0, last_line = 0;  ///< from 1, both included; 0: from the start, to the end
    bool first_parent = false;
};

/// Neighbouring lines that come from one commit.
struct BlameHunk {
    std::size_t first_line, line_count;
    Oid commit;
    Person author;
    std::string original_path;
    std::size_t original_line;
    bool boundary;  ///< the history ends there (a root commit, or where a shallow clone was cut)
};

/// Who last changed each line of a file; nothing if there is no such file. Raises `git.unknown_revision`,
/// `git.shallow`, `argument` for lines the file does not have. libgit2 cannot be stopped within; a long history of a
/// large file takes minutes.
std::optional<std::vector<BlameHunk>> blame(const Repository& repository, const BlameQuery& query);

}  // namespace uhost::git
