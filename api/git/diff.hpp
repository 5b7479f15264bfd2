#pragma once

#include <stop_token>

#include "api/git/history/changes.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// What to compare: two trees, or a tree with the index and work tree.
struct DiffQuery {
    std::optional<std::string> old_revision;  ///< nothing: the empty tree
    std::optional<std::string> new_revision;  ///< nothing: the work tree
    std::vector<std::string> paths;           ///< files or folders, taken literally
    bool renames = true;                      ///< find moved files, at least 50 % alike
    bool copies = false;
    unsigned context = 3;  ///< unchanged lines around each change
    bool stats = true;     ///< false: which files differ, without reading them
    bool hunks = true;     ///< with the lines; false: counts only
    bool ignore_whitespace = false;
    std::size_t max_files = 100'000;
    std::size_t max_lines = 1'000'000;  ///< of hunks, over all files
};

struct DiffLine {
    char origin;             ///< '+', '-' or ' '
    int old_line, new_line;  ///< from 1; 0 where the line is not on that side
    bool newline_at_end;     ///< false for a last line without one
    std::string text;        ///< without its line feed
};

struct DiffHunk {
    int old_start, old_lines, new_start, new_lines;
    std::string header;  ///< what stands behind the second "@@"
    std::vector<DiffLine> lines;
};

struct DiffFile : ChangedFile {
    std::vector<DiffHunk> hunks;
};

/// Compares. Files larger than 512 MiB count as binary, as in git. Raises `git.unknown_revision`, `git.bare` (work tree
/// of a bare repository), `git.limit`, `git.cancelled`.
std::vector<DiffFile> diff(const Repository& repository, const DiffQuery& query, const std::stop_token& stop);

struct StatusQuery {
    std::vector<std::string> paths;  ///< files or folders, taken literally
    bool untracked = true;           ///< each file, not only its folder
    bool ignored = false;
};

struct StatusEntry {
    std::string path;
    std::optional<std::string> old_path;  ///< of a renamed file
    /// "added", "modified", "deleted", "renamed", "type_changed"; null where nothing changed.
    const char* staged = nullptr;    ///< the index against HEAD
    const char* unstaged = nullptr;  ///< the work tree against the index; also "untracked" and "ignored"
    bool conflicted = false;
};

/// What differs between HEAD, index and work tree, by path. Raises `git.bare`.
std::vector<StatusEntry> status(const Repository& repository, const StatusQuery& query);

}  // namespace uhost::git
