#pragma once

#include <filesystem>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "api/git/history/libgit2.hpp"
#include "api/git/history/pack.hpp"

namespace uhost::git {

/// Where the objects of one repository lie: its packs (and those of its alternates), what `git replace` put in the
/// place of what, the commits a shallow clone was cut at, and libgit2's object database for everything else. Does not
/// change once made, so the readers of several threads share it.
///
/// Replacements are followed as git follows them (not with GIT_NO_REPLACE_OBJECTS set, or core.useReplaceRefs false).
/// The old `info/grafts` file is not read; git itself advises `git replace` in its stead.
class ObjectStore {
public:
    /// Opens the repository at `path`; raises what `open_repository` raises.
    explicit ObjectStore(const std::filesystem::path& path);

    const std::filesystem::path& path() const noexcept { return path_; }
    git_repository* repository() const noexcept { return repository_.get(); }
    git_odb* odb() const noexcept { return odb_.get(); }
    const std::vector<Pack>& packs() const noexcept { return packs_; }

    /// The `objects` folders, the repository's own first.
    const std::vector<std::filesystem::path>& folders() const noexcept { return folders_; }

    /// The object to read when `oid` is asked for.
    const Oid& replaced(const Oid& oid) const noexcept;
    bool has_replacements() const noexcept { return !replacements_.empty(); }

    /// Whether a shallow clone has `oid` without its parents.
    bool is_shallow(const Oid& oid) const noexcept { return shallow_.contains(oid); }
    bool has_shallow() const noexcept { return !shallow_.empty(); }

    /// Whether objects may be missing on purpose (a clone with `--filter`).
    bool is_partial() const noexcept { return partial_; }

    /// The setting `name`, or `fallback` where it is not set.
    bool setting(const char* name, bool fallback) const;

private:
    bool is_set(const char* name) const;
    void find_folders();
    void open_packs();
    void read_replacements();
    void read_shallow();

    std::filesystem::path path_;
    RepositoryHandle repository_;
    OdbHandle odb_;
    std::vector<std::filesystem::path> folders_;
    std::vector<Pack> packs_;
    std::unordered_map<Oid, Oid, OidHash> replacements_;
    std::unordered_set<Oid, OidHash> shallow_;
    bool partial_ = false;
};

}  // namespace uhost::git
