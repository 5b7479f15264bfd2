#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/git/history/oid.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// Who did something, and when.
struct Person {
    std::string name, email;
    std::int64_t time = 0;   ///< Unix seconds
    int offset_minutes = 0;  ///< of the person's clock from UTC
};

/// A commit as scripts see it. Text is converted to UTF-8 where the commit names another encoding.
struct Commit {
    Oid id, tree;
    std::vector<Oid> parents;
    Person author, committer;
    std::string subject;  ///< the message's first paragraph on one line
    std::string message;
};

/// Reads the bytes of a commit object (git's own format: headers, an empty line, the message). What is malformed is
/// left empty; nothing if there is no tree line.
std::optional<Commit> parse_commit(const Oid& id, std::string_view bytes);

/// Reads "Name <email> seconds +hhmm".
Person parse_person(std::string_view line);

/// The object that stands for `id`: what `git replace` put in its place, if anything.
Oid replacement_of(git_repository* repository, const Oid& id);

/// Reads commit `id`. Raises `git.missing_object`, `git.shallow`, `git.corrupt_object`, `git.not_a_commit`.
Commit read_commit(git_repository* repository, const Oid& id);

}  // namespace uhost::git
