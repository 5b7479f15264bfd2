#pragma once

#include "api/git/history/commit_object.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// The object that a revision names (git's own syntax: "main", "v1.0^{commit}", "HEAD~3", "abc123"; no ranges); nothing
/// if there is none. Raises `git.revision` for malformed syntax, `git.ambiguous` for an abbreviation of several
/// objects, `git.missing_object` where a reference points at an object that is not there.
std::optional<Oid> resolve(git_repository* repository, const std::string& revision);

/// The same, as a commit (tags are followed). Raises also `git.not_a_commit`.
std::optional<Oid> resolve_commit(git_repository* repository, const std::string& revision);

/// The same for a commit that has to be there: raises `git.unknown_revision`, with the cause if the repository is empty
/// or shallow.
Oid require_commit(git_repository* repository, const std::string& revision);

/// The tree of a revision that has to be there. The id of the empty tree gives a null handle, whether or not the
/// repository has that object.
TreeHandle require_tree(git_repository* repository, const std::string& revision);

/// The object that stands for `id`: what `git replace` put in its place, if anything.
Oid replacement_of(git_repository* repository, const Oid& id);

/// Reads commit `id`. Raises `git.missing_object`, `git.shallow`, `git.corrupt_object`, `git.not_a_commit`.
Commit read_commit(git_repository* repository, const Oid& id);

/// What HEAD is.
struct Head {
    std::optional<std::string> branch;  ///< full reference name; nothing when HEAD is detached
    Oid id;
};

/// Nothing in a repository without commits.
std::optional<Head> read_head(git_repository* repository);

/// A revision as an argument: refuses an empty one, one with a NUL, and one longer than 4096 bytes.
void check_revision_text(const std::string& revision);

}  // namespace uhost::git
