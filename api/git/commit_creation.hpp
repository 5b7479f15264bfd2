#pragma once

#include "api/git/history/commit_object.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// A file of a new commit: content, or nothing to delete it.
struct NewFile {
    std::string path;
    std::optional<std::string> content;
    std::uint32_t mode = 0100644;
};

struct NewCommit {
    std::string message;
    std::vector<Oid> parents;
    std::optional<std::string> base;  ///< the revision whose tree `files` change; the first parent if not given
    std::vector<NewFile> files;
    Person author, committer;  ///< an empty name: the identity that git's configuration gives
};

/// Writes a commit and what it needs, pointed at by nothing yet; returns its id. With `in_memory`, writes nothing, but
/// the id is that which it would have. Raises `git.identity` (none is configured), `git.path`.
Oid create_commit(const Repository& repository, const NewCommit& commit, bool in_memory);

/// The person that git would take for the author or committer (`role` AUTHOR or COMMITTER) where `given` leaves name,
/// address or time out. Raises `git.identity`.
Person identity_of(const Repository& repository, const Person& given, const char* role);

/// Writes an annotated tag of `target`, pointed at by nothing yet; returns its id.
Oid create_tag_object(const Repository& repository, const std::string& name, const Oid& target, const Person& tagger,
                      const std::string& message, bool in_memory);

}  // namespace uhost::git
