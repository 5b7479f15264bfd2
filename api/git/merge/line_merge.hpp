#pragma once

#include <string>
#include <vector>

#include "api/git/history/line_diff.hpp"

namespace uhost::git {

/// How a conflict is shown: without the base, with it, or with it and without what both sides begin and end with.
enum class ConflictStyle : std::uint8_t { merge, diff3, zdiff3 };

/// What stands behind the markers.
struct MergeLabels {
    std::string base, ours, theirs;
};

/// Lines of a text: the first, counted from 1, and how many. An empty range has the line it stands before.
struct LineRange {
    std::size_t first = 1, count = 0;
};

struct ConflictHunk {
    LineRange base, ours, theirs;
    std::size_t line = 0;  ///< of the first marker in the merged text
};

struct LineMergeOptions {
    ConflictStyle style = ConflictStyle::merge;
    MergeLabels labels;
    std::size_t marker_size = 7;
    bool union_of_both = false;  ///< in place of a conflict, the lines of ours and then of theirs
    bool favor_theirs = false;   ///< in place of a conflict, the lines of theirs; it is reported nevertheless
};

struct LineMerge {
    std::string text;
    std::vector<ConflictHunk> conflicts;
};

/// Merges three versions of a text as `git merge-file` does under merge-ort (LibXDiff's "zealous" merge over histogram
/// diffs): the same text, conflicts included. libgit2 1.5 cannot do it: its merges have no histogram diff, and it does
/// not say where conflicts are.
LineMerge merge_lines(std::string_view base, std::string_view ours, std::string_view theirs,
                      const LineMergeOptions& options);

}  // namespace uhost::git
