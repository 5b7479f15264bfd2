#pragma once

#include <stop_token>

#include "api/git/repository.hpp"
#include "api/re/regex.hpp"

namespace uhost::git {

struct GrepQuery {
    std::string revision = "HEAD";
    std::shared_ptr<const re::Regex> pattern;
    std::vector<std::string> paths;  ///< files or folders, taken literally
    std::size_t max_matches = 100'000;
};

/// A line that matches.
struct GrepMatch {
    std::string path;
    std::size_t line, column;  ///< of the first match in the line, in bytes; from 1
    std::string text;
};

/// The lines of a revision's text files that a pattern matches, by path and line, as `git grep -I`. Raises
/// `git.unknown_revision`, `git.limit` for more than `max_matches`, `re.limit`.
std::vector<GrepMatch> grep(const Repository& repository, const GrepQuery& query, const std::stop_token& stop);

}  // namespace uhost::git
