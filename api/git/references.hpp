#pragma once

#include "api/git/commit.hpp"

namespace uhost::git {

struct Reference {
    std::string name;                     ///< "refs/heads/main"
    std::optional<Oid> id;                ///< of the object it points at; nothing if that is not there
    std::optional<std::string> symbolic;  ///< the reference it stands for, if it is symbolic
};

/// All references whose full name starts with `prefix`, by name; HEAD is not among them. Names are data: whatever a
/// file system or packed-refs has. Raises `git.limit` for more than a million.
std::vector<Reference> list_references(git_repository* repository, const std::string& prefix);

struct Tag {
    std::string name;           ///< without "refs/tags/"
    Oid target;                 ///< what it stands for in the end: a commit, usually
    const char* type;           ///< of the target: "commit", "tree" or "blob"
    std::optional<Oid> object;  ///< the tag object, of an annotated tag
    std::optional<Person> tagger;
    std::string message;
};

/// All tags, by name. A tag of an object that is missing is left out.
std::vector<Tag> list_tags(git_repository* repository);

struct Remote {
    std::string name;
    std::string url;  ///< without user name and password
    std::optional<std::string> push_url;
    std::vector<std::string> fetch, push;  ///< refspecs
};

std::vector<Remote> list_remotes(git_repository* repository);

}  // namespace uhost::git
