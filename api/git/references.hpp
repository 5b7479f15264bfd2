#pragma once

#include <span>
#include <variant>

#include "api/git/history/commit_object.hpp"
#include "api/git/repository.hpp"

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
    const char* kind;           ///< of the target: "commit", "tree" or "blob"
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

/// Raises `git.reference_name` for what git does not take for a new branch or tag: "HEAD", or a leading "-".
void check_new_name(const std::string& name);

/// Whether a branch (its full name) is checked out in the work tree or a linked one, commits or not.
bool is_checked_out(git_repository* repository, const std::string& name);

/// What a reference must be for an update to be made.
struct Anything {};
struct Absent {};
using Expected = std::variant<Anything, Absent, Oid>;

/// One change of a reference: a new target, or nothing to delete it.
struct ReferenceUpdate {
    std::string name;  ///< full: "refs/heads/main"
    std::optional<Oid> target;
    Expected expected;
};

/// What a reference was before an update, and is after it.
struct ReferenceChange {
    std::string name;
    std::optional<Oid> before, after;
};

/// Checks updates against the repository as it is now: names, targets, expected values, names that cannot be there
/// together. Returns what they would change. Raises `git.reference_name`, `git.missing_object`, `git.not_a_commit` (a
/// branch has to be one), `git.reference_changed` (it is not what was expected), `git.reference_conflict`
/// ("a" and "a/b"), `git.symbolic_reference`, `argument` (a name twice).
std::vector<ReferenceChange> check_updates(git_repository* repository, std::span<const ReferenceUpdate> updates);

/// Makes all of the updates or none: locks every reference, checks as above under the locks, then writes. Should
/// writing fail half-way (a full disk), what was written is set back. `message` goes into the reflogs. Raises as above,
/// and `git.locked`.
std::vector<ReferenceChange> apply_updates(git_repository* repository, std::span<const ReferenceUpdate> updates,
                                           const std::string& message);

}  // namespace uhost::git
