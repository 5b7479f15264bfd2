#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/git/repository.hpp"

namespace uhost::git {

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
