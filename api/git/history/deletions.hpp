#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "api/git/history/oid.hpp"
#include "api/git/history/renames.hpp"
#include "api/git/history/removed_files.hpp"

namespace uhost::git {

/// The number of the pull request that the subject of a commit names as its own: `Auto merge of #N`, `Rollup merge of
/// #N` (bors), `Merge pull request #N` (GitHub's merge button) at its start, or `(#N)` at its end (GitHub's squash).
/// A number that is merely mentioned does not count, nor does one longer than nine digits.
std::optional<std::int64_t> pull_request_of(std::string_view subject) noexcept;

/// A file that went away.
struct Deletion {
    std::string path;
    Oid commit;
    std::int64_t time = 0;  ///< committer date of the commit, Unix seconds
    std::string author_name;
    std::string author_email;
    std::string subject;
    /// The pull request that did it: the number in the commit's own subject, else that of the innermost merge with a
    /// number that brought the commit in.
    std::optional<std::int64_t> pull_request;
    /// The oldest commit of the mainline (the chain of first parents from the tip) that has the commit among its
    /// ancestors; nothing if the commit is on the mainline itself.
    std::optional<Oid> merge;
    /// Whether the mainline had the file: it is in the first parent of `merge`, or there is no merge. Where it is not,
    /// the file came and went within what was merged, or the mainline had lost it before.
    bool in_mainline = true;
    /// Where the same commit put the file, if it did; may lie inside or outside of the path asked about.
    std::optional<std::string> moved_to;
    unsigned similarity_percent = 0;  ///< of the two contents, with moved_to; 100 if they are the same
    bool present = false;             ///< whether the tip has a file of this path
    Oid blob;                         ///< its last content (see read_content)
    /// All records of this commit are those of the earlier walk; nothing but `commit` is set.
    bool as_before = false;
};

/// What a walk with the same path and options found from another tip, without `since`. What a commit removed does not
/// depend on the tip, so commits that were compared then are not compared again.
struct EarlierWalk {
    struct Found {
        std::optional<Oid> merge;
        std::optional<std::int64_t> pull_request;
        bool operator==(const Found&) const = default;
    };

    Oid tip;
    std::unordered_map<Oid, Found, OidHash> found;  ///< by the commits that removed files
};

/// What to look for.
struct DeletionQuery {
    std::string path;                   ///< a folder or a file, taken literally; empty for the whole tree
    std::vector<std::string> files;     ///< of it, only these; none for all
    std::optional<std::int64_t> since;  ///< committer dates, Unix seconds, both included
    std::optional<std::int64_t> until;
    bool first_parent = false;  ///< compare the commits of the mainline with their first parents only
    bool renames = true;        ///< find out where files were moved to
    std::optional<Oid> tip;     ///< a commit or a tag of one; HEAD if not given
    std::optional<EarlierWalk> earlier;
    unsigned threads = 2;       ///< to read objects with, the caller's among them; 1 or 2
};

/// Finds every file below a path that went away, one record for each, in the order of `git log --date-order`: children
/// before parents, else newest first.
///
/// A file went away in a commit if every parent has it and the commit does not, so that a deletion is reported once,
/// with the commit that made it. There is no history simplification: deletions on merged side branches count. A file
/// that became a symbolic link or a submodule, or changed its mode, is still there; one that became a folder went away.
/// Submodules are not files and are never reported. The answers are those of `git log --full-history --diff-filter=D
/// --name-only --no-renames -- PATH`, plus the files a merge itself removed (which that command leaves out), less
/// submodules.
///
/// Replaced objects are followed and grafts are not (see ObjectStore). `since`, and how wrong clocks are met, is
/// described at History; moves at find_moves. With `earlier`, the history is read, since order and merges depend on all
/// of it, and what the earlier walk saw is not compared.
///
/// Cost: the commits of the range are read first, their trees only as far as the caller reads. Over 60,000 commits
/// and 58,000 files (tests/bench), on two cores, a walk without renames took 0.35 s where git's log took 0.99 s, with
/// changed-path filters 0.13 s (git 0.52 s), along first parents 0.11 s (0.19 s) and 0.09 s (0.10 s), in 155 MiB, most
/// of them pages of the pack. Through libgit2's object database instead of ObjectReader the first of these took 1.7
/// times the processor time, as much as git.
///
/// Threads: a walk may be used from any thread, by one at a time. Each call uses one more thread inside.
class DeletionWalk {
public:
    /// Opens the repository at `git_dir` (its git folder or work tree) with handles of its own. Raises `git.not_found`,
    /// `git.owner`, `git.open`, `argument` (the path), `git.missing_object` or `git.not_a_commit` (the tip).
    DeletionWalk(const std::filesystem::path& git_dir, DeletionQuery query);
    ~DeletionWalk();
    DeletionWalk(DeletionWalk&&) noexcept;
    DeletionWalk& operator=(DeletionWalk&&) noexcept;

    /// The next deletions, at least one and at most `limit`; none at the end. Returns early rather than full, so that
    /// the first ones come soon.
    ///
    /// Raises `git.cancelled` soon after `stop` asks for it (the next call then continues where this one was),
    /// `git.shallow` if a shallow clone was cut inside the range, `git.missing_object`, `git.corrupt_object` and
    /// `git.limit`.
    std::vector<Deletion> next_batch(std::size_t limit, const std::stop_token& stop = {});

    /// The commit the walk starts at; nothing in a repository without commits, which has no deletions.
    const std::optional<Oid>& tip() const noexcept;

private:
    class State;
    std::unique_ptr<State> state_;
};

/// For each of `paths`, whether the commit `tip` has a file there.
std::vector<bool> files_present(const std::filesystem::path& git_dir, const Oid& tip,
                                std::span<const std::string> paths);

/// The content of a deleted file (`Deletion::blob`). Raises `git.missing_object`, `git.corrupt_object`, and `git.limit`
/// if it has more than `max_bytes`.
std::string read_content(const std::filesystem::path& git_dir, const Oid& blob, std::size_t max_bytes);

}  // namespace uhost::git
