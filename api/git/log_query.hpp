#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/git/repository.hpp"
#include "api/re/regex.hpp"

namespace uhost::git {

/// The order in which commits are listed.
enum class LogOrder {
    as_found,     ///< newest first, as far as parents allow that were found so far; what git does by default
    date,         ///< children before parents, else newest first
    author_date,  ///< the same by the author's date
    topo,         ///< children before parents, and lines of history not mixed
};

/// Which commits to list.
struct LogQuery {
    std::vector<Oid> tips;
    std::vector<Oid> hide;                     ///< these and their ancestors are left out
    std::vector<std::string> paths;            ///< files or folders, taken literally; none for all commits
    std::optional<std::int64_t> since, until;  ///< committer dates, Unix seconds, both included
    bool first_parent = false;
    std::optional<std::int64_t> limit;
    LogOrder order = LogOrder::as_found;
    bool reverse = false;  ///< what the rest of the query gives, from its end
    bool follow = false;   ///< where the one path is a file that was renamed, follow what it was called before
    std::optional<bool> merges;                     ///< only merges, or none
    std::shared_ptr<const re::Regex> author, grep;  ///< "Name <email>", a line of the message
    std::optional<std::string> pickaxe;             ///< a text that occurs more or less often than before
    std::shared_ptr<const re::Regex> pickaxe_regex;  ///< what fits a line that was added or removed
    bool files = false;                              ///< with the files that each commit changed
    bool stats = false;                              ///< and how many lines of them; means `files`
    bool renames = true;                             ///< find moved files among them

    bool picks() const noexcept { return pickaxe || pickaxe_regex; }
    bool gives_files() const noexcept { return files || stats || picks(); }
};

/// Reads "tip", "a..b" (either side may be left out: HEAD) or "a...b" into tips and hidden commits.
/// Raises what require_commit raises.
void set_range(const Repository& repository, const std::string& range, LogQuery& query);

/// Sets the tips to what HEAD and all references lead to, as far as that is commits.
void set_all_tips(const Repository& repository, LogQuery& query);

}  // namespace uhost::git
