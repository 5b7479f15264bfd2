#pragma once

#include <optional>
#include <string>

#include "api/git/repository.hpp"

namespace uhost::git {

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

/// The commit's name by the nearest tag, as `git describe` gives it; nothing if no tag fits. Of several tags the one
/// with the fewest commits since is the nearest; git's own count of them, which goes wrong where dates are equal, is
/// not repeated. Raises `git.unknown_revision`, and `git.shallow` if the clone may lack the tag.
std::optional<std::string> describe(const Repository& repository, const DescribeQuery& query);

}  // namespace uhost::git
