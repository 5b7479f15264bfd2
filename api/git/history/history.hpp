#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <queue>
#include <stop_token>
#include <unordered_map>
#include <vector>

#include "api/git/history/commit_source.hpp"

namespace uhost::git {

/// Which commits a walk is about.
struct HistoryRange {
    Oid tip;
    std::vector<Oid> hide;              ///< these commits and their ancestors are left out
    std::optional<std::int64_t> since;  ///< committer date, Unix seconds
    bool first_parent = false;
};

/// The commits of a range and how they hang together, read before anything is asked about them: only with all of them
/// at hand are the order (children before parents, whatever their clocks said) and the merge that brought each commit
/// in certain. Commits come from the commit-graph where it has them, else from their objects.
///
/// `since`: a line of history is followed until more than 64 commits in a row are older, so that a commit with a wrong
/// clock does not hide what lies behind it. (git stops after 5.)
///
/// `hide`: ancestors are found by walking both sides newest first. With commits that are not in a commit-graph, a clock
/// that was wrong could let a hidden commit through; the hidden side is therefore walked until it is older than
/// everything found, and 256 commits further.
class History {
public:
    using Index = std::uint32_t;
    static constexpr Index none = UINT32_MAX;

    struct Commit {
        Oid oid;
        Oid tree;
        std::int64_t time = 0;
        Index parents_at = 0;  ///< of its parents in the list of all
        std::uint32_t parent_count = 0;
        std::uint32_t position = none;  ///< in the commit-graph, if it is there
        std::uint16_t run = unreached;  ///< how many commits older than `since` lead here, at least
        bool hidden = false;
        bool waiting = false;   ///< in the queue
        bool expanded = false;  ///< its parents are loaded
        bool shallow = false;   ///< the clone was cut here
    };

    /// Told of every commit that is loaded from its object, unless it is known to be hidden.
    using OnLoaded = std::function<void(Index, const Commit&)>;

    History(ObjectReader& reader, const CommitGraph* graph, HistoryRange range);

    /// Reads the range. Raises `git.shallow` if a shallow clone was cut inside of it, `git.cancelled`, and what
    /// `ObjectReader::read` raises. `on_loaded` may be empty.
    void load(const OnLoaded& on_loaded, const std::stop_token& stop);

    const std::vector<Commit>& commits() const noexcept { return commits_; }
    const Commit& operator[](Index index) const noexcept { return commits_[index]; }

    /// The parents of a commit that is in the range (in first-parent mode, the first).
    std::span<const Index> parents(Index index) const noexcept {
        const Commit& commit = commits_[index];
        if (!commit.expanded) return {};
        return std::span(parents_).subspan(commit.parents_at, commit.parent_count);
    }

    /// The tip, which is number 0.
    static constexpr Index tip = 0;

private:
    static constexpr std::uint16_t unreached = UINT16_MAX;

    /// Newest first; commits outside of the graph come before those in it, which cannot be their descendants.
    struct Waiting {
        std::int64_t key;
        Index index;
        bool operator<(const Waiting& other) const noexcept { return key < other.key; }
    };

    Index load_commit(const Oid& oid, const OnLoaded& on_loaded);
    Index load_position(std::uint32_t position);
    void reach(Index index, bool hidden, std::uint16_t run);
    void hide(const Oid& oid);
    void expand(Index index, const OnLoaded& on_loaded);
    void load_parents(Index index, const OnLoaded& on_loaded);
    bool is_done(const Waiting& next);
    std::int64_t key_of(const Commit& commit) const noexcept;
    void check_not_cut() const;

    ObjectReader* reader_;
    const CommitGraph* graph_;
    HistoryRange range_;
    std::vector<Commit> commits_;
    std::vector<Index> parents_;
    std::vector<Oid> parent_oids_;  // beside parents_, for commits from objects
    std::unordered_map<Oid, Index, OidHash> by_oid_;
    std::vector<Index> by_position_;
    std::priority_queue<Waiting> queue_;
    std::size_t wanted_waiting_ = 0;  // commits in the queue that are not hidden
    std::int64_t oldest_wanted_ = INT64_MAX;
    unsigned extra_ = 0;
    CommitLinks links_;
    std::vector<std::uint32_t> positions_;
};

/// The error a walk ends with once its stop was asked for.
Error cancelled();

}  // namespace uhost::git
