#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/git/libgit2.hpp"

namespace uhost::git {

class ObjectStore;
class Repository;

/// A libgit2 handle of a repository, for one thread at a time; goes back to its Repository at the end.
class Lease {
public:
    Lease(std::shared_ptr<const Repository> owner, RepositoryHandle handle)
        : owner_(std::move(owner)), handle_(std::move(handle)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    git_repository* get() const noexcept { return handle_.get(); }
    operator git_repository*() const noexcept { return handle_.get(); }

private:
    std::shared_ptr<const Repository> owner_;
    RepositoryHandle handle_;
};

/// One repository, as several threads use it: where it lies, and a small pool of libgit2 handles. Immutable but for the
/// pool, which is guarded.
class Repository : public std::enable_shared_from_this<Repository> {
public:
    /// Opens the repository that `path` lies in: its work tree, a folder below that, a linked work tree, its git
    /// folder, or a bare repository. Raises `git.not_found`, `git.owner` (it belongs to someone else),
    /// `git.unsupported` (a format libgit2 does not know) or `git.open`.
    static std::shared_ptr<Repository> open(const std::filesystem::path& path);

    /// Use open().
    explicit Repository(RepositoryHandle first);

    /// A handle of this very repository, also where it lies inside of another one. Raises `git.corrupt_pack` where the
    /// index of a pack is damaged.
    Lease lease() const;

    /// Its objects, for any number of threads. Opened at the first call, and anew when packs, the commit-graph, replaced
    /// objects, the edge of a shallow clone or the configuration have changed.
    std::shared_ptr<const ObjectStore> objects() const;

    /// The git folder (".git", or that of a linked work tree), without a slash at the end.
    const std::string& git_folder() const noexcept { return git_folder_; }
    /// The git folder that all work trees share: the identity of the repository.
    const std::string& common_folder() const noexcept { return common_folder_; }
    /// Nothing for a bare repository.
    const std::optional<std::string>& work_tree() const noexcept { return work_tree_; }
    bool is_bare() const noexcept { return !work_tree_; }
    bool is_worktree() const noexcept { return is_worktree_; }
    bool is_shallow() const;

private:
    friend class Lease;
    void give_back(RepositoryHandle handle) const;
    void check_new_packs() const;

    std::string git_folder_;
    std::string reopen_at_;  // where more handles are opened, without a search
    unsigned reopen_flags_ = 0;
    std::string common_folder_;
    std::vector<std::filesystem::path> object_folders_, pack_folders_;
    std::optional<std::string> work_tree_;
    bool is_worktree_ = false;
    mutable std::mutex mutex_;
    mutable std::vector<RepositoryHandle> idle_;
    mutable std::shared_ptr<const ObjectStore> objects_;
    mutable std::string state_of_objects_;
    mutable std::string state_of_packs_;
};

/// A handle of the repository whose work tree or git folder is `path`; folders above are not searched. Raises as
/// Repository::open.
RepositoryHandle open_repository(const std::filesystem::path& path);

/// Makes a repository: with a work tree, or `bare`. An existing one is left as it is. Raises `git.init`.
void init_repository(const std::filesystem::path& path, bool bare, const std::string& initial_branch);

}  // namespace uhost::git
