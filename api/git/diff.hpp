#pragma once

#include <stop_token>

#include "api/git/history/changes.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// What to compare: a tree with another, with the index, or with the work tree.
struct DiffQuery {
    enum class Against { revision, index, work_tree };

    std::optional<std::string> old_revision;  ///< nothing: the empty tree
    bool from_index = false;                  ///< the index in place of `old_revision`, against the work tree
    Against against = Against::work_tree;
    std::string new_revision;        ///< with Against::revision
    std::vector<std::string> paths;  ///< files or folders, taken literally
    bool renames = true;                      ///< find moved files, at least 50 % alike
    bool copies = false;
    unsigned context = 3;  ///< unchanged lines around each change
    bool stats = true;     ///< false: which files differ, without reading them
    bool hunks = true;     ///< with the lines; false: counts only
    bool ignore_whitespace = false;
    bool type_changes = true;  ///< false: a file that became a link went and came
    std::size_t max_files = 100'000;
    std::size_t max_lines = 1'000'000;  ///< of hunks, over all files
};

struct DiffLine {
    char origin;             ///< '+', '-' or ' '
    int old_line, new_line;  ///< from 1; 0 where the line is not on that side
    bool newline_at_end;     ///< false for a last line without one
    std::size_t begin, size; ///< in the text of the hunk, without its line feed
};

struct DiffHunk {
    int old_start, old_lines, new_start, new_lines;
    std::string header;  ///< what stands behind the second "@@"
    std::string text;    ///< its lines, one after the other
    std::vector<DiffLine> lines;

    void add_line(char origin, std::string_view line, int old_line, int new_line) {
        const bool ended = line.ends_with('\n');
        if (ended) line.remove_suffix(1);
        lines.push_back({origin, old_line, new_line, ended, text.size(), line.size()});
        text += line;
    }
    std::string_view text_of(const DiffLine& line) const { return std::string_view(text).substr(line.begin, line.size); }
};

struct DiffFile : ChangedFile {
    std::vector<DiffHunk> hunks;
};

/// Compares. Files larger than 512 MiB count as binary, as in git. Raises `git.unknown_revision`, `git.bare` (work tree
/// of a bare repository), `git.limit`, `git.cancelled`.
std::vector<DiffFile> diff(const Repository& repository, const DiffQuery& query, const std::stop_token& stop);

/// The part of it that libgit2 does.
std::vector<DiffFile> diff_with_libgit2(const Repository& repository, const DiffQuery& query,
                                        const std::stop_token& stop);

/// The names of what differs between two revisions, as `git diff --name-only --no-renames`.
std::vector<std::string> changed_names(const Repository& repository, const std::string& old_revision,
                                       const std::string& new_revision, const std::vector<std::string>& paths);

/// Files that differ as a patch, as `git diff --full-index` prints it: for people, and to be applied again. Of binary
/// files it says only that they differ.
std::string patch_text(const std::vector<DiffFile>& files);

}  // namespace uhost::git
