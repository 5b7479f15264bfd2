#pragma once

#include <stop_token>

#include "api/git/history/tree_object.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// One entry of a listed tree.
struct TreeFileEntry {
    std::string path;  ///< from the root
    PathEntry entry;
};

struct TreeQuery {
    std::string revision;
    std::string path;        ///< the folder to list; empty for the root
    bool recursive = false;  ///< files of all folders below, in place of the folders
    std::size_t max_entries = 1'000'000;
};

/// What a revision has in a folder, in git's order; nothing if there is no such folder. Raises `git.unknown_revision`,
/// `git.limit` for more than `max_entries`, `git.cancelled`.
std::optional<std::vector<TreeFileEntry>> list_tree(const Repository& repository, const TreeQuery& query,
                                                    const std::stop_token& stop);

/// The content of a file (of a symbolic link: its target) at a revision; nothing if there is no such file there.
/// Raises `git.unknown_revision`, `git.limit` for more than `max_bytes`, `git.missing_object`.
std::optional<std::string> read_file_at(git_repository* repository, const std::string& revision,
                                        const std::string& path, std::size_t max_bytes);

/// The contents of several files of a revision, in the order of `paths`; nothing where there is no such file. Each
/// folder on the way is read once. Raises as read_file_at; `git.limit` is for all of them together.
std::vector<std::optional<std::string>> read_files_at(const Repository& repository, const std::string& revision,
                                                      const std::vector<std::string>& paths, std::size_t max_bytes,
                                                      const std::stop_token& stop);

/// The content of a blob by its id; nothing if there is no such object, or it is not a blob. Raises `git.limit`.
std::optional<std::string> read_blob(git_repository* repository, const Oid& id, std::size_t max_bytes);

/// "file", "executable", "link", "folder" or "submodule".
const char* kind_of_mode(std::uint32_t mode) noexcept;

}  // namespace uhost::git
