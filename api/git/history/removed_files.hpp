#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "api/git/history/renames.hpp"
#include "api/git/history/tree_object.hpp"

namespace uhost::git {

/// A file that a commit removed, in every one of its parents.
struct RemovedFile {
    std::string path;
    Oid blob;
    std::optional<Move> move;
    bool in_mainline = true;  ///< see Deletion
};

/// A commit or one of its parents, as far as a comparison goes.
struct CommitSide {
    PathEntry root;   ///< the root tree
    PathEntry entry;  ///< what the path is in it
};

/// Which removed files count.
struct RemovedFilesQuery {
    std::string path;                       ///< a folder or a file, in plain form; empty for the whole tree
    std::unordered_set<std::string> files;  ///< of it, only these; none for all
    bool renames = true;                    ///< find out where files were moved to
};

/// The files that every one of `parents` (at least one) has and `commit` does not, sorted by path; with `renames`,
/// where they went, for which the whole trees are compared. Raises as `diff_entries` and `find_moves`.
std::vector<RemovedFile> removed_files(ObjectReader& reader, const RemovedFilesQuery& query, const CommitSide& commit,
                                       const std::vector<CommitSide>& parents);

std::unordered_set<std::string> paths_of(const std::vector<TreeFile>& files);

}  // namespace uhost::git
