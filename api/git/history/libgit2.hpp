#pragma once

#include <git2.h>

#include <filesystem>
#include <memory>
#include <string>

#include "api/git/history/oid.hpp"
#include "host/core/error.hpp"

namespace uhost::git {

/// Frees a libgit2 handle with the function that belongs to it.
template <auto Free>
struct FreedBy {
    template <typename Handle>
    void operator()(Handle* handle) const noexcept {
        Free(handle);
    }
};

using RepositoryHandle = std::unique_ptr<git_repository, FreedBy<git_repository_free>>;
using OdbHandle = std::unique_ptr<git_odb, FreedBy<git_odb_free>>;
using OdbObjectHandle = std::unique_ptr<git_odb_object, FreedBy<git_odb_object_free>>;
using ObjectHandle = std::unique_ptr<git_object, FreedBy<git_object_free>>;
using ReferenceHandle = std::unique_ptr<git_reference, FreedBy<git_reference_free>>;
using ReferenceIteratorHandle = std::unique_ptr<git_reference_iterator, FreedBy<git_reference_iterator_free>>;
using ConfigHandle = std::unique_ptr<git_config, FreedBy<git_config_free>>;

/// Starts libgit2 once for the process; it is shut down at exit. Safe from any thread.
void start_libgit2();

/// Opens the repository at `path` (its work tree or its git folder; parents are not searched), with a handle of its
/// own. Raises `git.not_found`, `git.owner` (the folder belongs to someone else) or `git.open`.
RepositoryHandle open_repository(const std::filesystem::path& path);

/// libgit2's words for the last failure on this thread.
std::string last_libgit2_message();

inline git_oid to_git_oid(const Oid& oid) noexcept {
    git_oid out;
    std::memcpy(out.id, oid.bytes.data(), Oid::size);
    return out;
}

inline Oid from_git_oid(const git_oid& oid) noexcept { return Oid::from_bytes(oid.id); }

}  // namespace uhost::git
