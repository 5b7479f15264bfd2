#pragma once

#include "api/git/history/commit_object.hpp"
#include "api/git/repository.hpp"

namespace uhost::git {

/// The best common ancestor of two or more commits; nothing if they have none. Raises `git.shallow` if the clone may
/// lack it.
std::optional<Oid> merge_base(const Repository& repository, const std::vector<std::string>& revisions);

struct AheadBehind {
    std::size_t ahead, behind;
};

/// How many commits each of two has that the other has not. Raises `git.shallow` as above.
AheadBehind ahead_behind(const Repository& repository, const std::string& revision, const std::string& upstream);

/// Whether `ancestor` is an ancestor of `descendant`, or the same commit.
bool is_ancestor(const Repository& repository, const std::string& ancestor, const std::string& descendant);

/// The same of commits that may not be here: then the answer is no.
bool is_known_ancestor(git_repository* repository, const Oid& ancestor, const Oid& descendant);

struct DescribeQuery {
    std::string revision;
    std::string pattern;      ///< glob on tag names; empty: all
    bool lightweight = true;  ///< lightweight tags count, too
    bool first_parent = false;
    bool exact = false;      ///< only a tag on the commit itself
    bool always = false;     ///< the abbreviated id if there is no tag
    bool long_form = false;  ///< "-0-gabc" even on a tag
    unsigned abbreviation = 7;
    unsigned candidates = 10;
};

/// The commit's name by the nearest tag, as `git describe` gives it; nothing if no tag fits.
std::optional<std::string> describe(const Repository& repository, const DescribeQuery& query);

}  // namespace uhost::git
