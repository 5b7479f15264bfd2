#pragma once

#include <stop_token>

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

/// Who last changed each line of a file, as `git blame` answers; nothing if there is no such file. Renames of the whole
/// file are followed. Raises `git.unknown_revision`, `git.missing_object`, `git.cancelled`, `argument` for lines the
/// file does not have.
std::optional<std::vector<BlameHunk>> blame(const Repository& repository, const BlameQuery& query,
                                            const std::stop_token& stop);

}  // namespace uhost::git
