#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/git/history/renames.hpp"

namespace uhost::git {

/// A file that a commit removed, in every one of its parents.
struct RemovedFile {
    std::string path;
    Oid blob;
    std::optional<Move> move;
};

/// A commit or one of its parents, as far as a comparison goes.
struct CommitSide {
    PathEntry root;   ///< the root tree
    PathEntry entry;  ///< what the path is in it
};

/// The files below `path` that every one of `parents` (at least one) has and `commit` does not, sorted by path; with
/// `renames`, where they went, for which the whole trees are compared. Raises as `diff_entries` and `find_moves`.
std::vector<RemovedFile> removed_files(ObjectReader& reader, const std::string& path, const CommitSide& commit,
                                       const std::vector<CommitSide>& parents, bool renames);

}  // namespace uhost::git
