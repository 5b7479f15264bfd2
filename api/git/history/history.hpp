#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <queue>
#include <stop_token>
#include <unordered_map>
#include <vector>

#include "api/git/history/commit_graph.hpp"
#include "api/git/history/commit_object.hpp"
#include "api/git/history/objects.hpp"

namespace uhost::git {

/// Turns the revision `oid` (a commit, or a tag of one) into its commit. Raises `git.missing_object`, or
/// `git.not_a_commit` if it leads to something else.
Oid peel_to_commit(const ObjectStore& store, const Oid& oid);

/// The commit HEAD is at; nothing in a repository without references. Raises `git.head` if HEAD cannot be read, and
/// `git.unborn_head` if it names a branch that is not there while other references are.
std::optional<Oid> head_commit(const ObjectStore& store);

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

    /// Called with every commit that is loaded from its object, unless it is known to be hidden.
    using OnLoaded = std::function<void(Index, const Commit&)>;

    History(ObjectReader& reader, const CommitGraph* graph, HistoryRange range);

    /// Reads the range. Raises `git.shallow` if a shallow clone was cut inside of it, `git.cancelled`, and what
    /// `ObjectReader::read` raises. `on_loaded` may be empty.
    void load(const OnLoaded& on_loaded, const std::stop_token& stop);

    const std::vector<Commit>& commits() const noexcept { return commits_; }
    const Commit& operator[](Index index) const noexcept { return commits_[index]; }

    /// The number of a commit that was loaded.
    std::optional<Index> find(const Oid& oid) const;

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

/// Goes through the commits of a history that are not hidden, in the order of `git log --date-order` (children before
/// parents; where that leaves a choice, the newest, then the one that was ready first), and works out on the way which merge brought each commit in.
///
/// The mainline is the chain of first parents from the tip. A commit that is not on it was brought in by the oldest
/// mainline commit that reaches it, its mainline merge. What a mainline merge brought in has a mainline of its own: the
/// first parents from the merged side (any parent but the first), with merges on it that brought in the rest, and so on
/// inwards, as in a roll-up of pull requests. The innermost merge of a commit is the one on whose side it lies itself.
class CommitOrder {
public:
    using Index = History::Index;

    explicit CommitOrder(const History& history);

    /// The next commit, or nothing at the end. What the two functions below say of it is then final.
    std::optional<Index> next();

    /// The mainline merge that brought in a commit; `none` for a commit on the mainline itself.
    Index mainline_merge(Index index) const noexcept;
    /// The innermost merge that brought in a commit; `none` for a commit on the mainline itself.
    Index innermost_merge(Index index) const noexcept { return places_[index].innermost; }

private:
    struct Waiting {
        std::int64_t time;
        Index turn;  ///< in which it became ready
        Index index;
        bool operator<(const Waiting& other) const noexcept {
            return time != other.time ? time < other.time : turn > other.turn;
        }
    };
    struct Place {
        Index children_left = 0;
        Index number = 0;                ///< in this order, from 1
        Index mainline = History::none;  ///< the mainline commit that brought it in, or itself
        Index innermost = History::none;
        Index depth = 0;  ///< how many merges lie around it, counting inwards
    };

    void add_ready(Index index);
    void pass_to_parent(Index child, Index parent, bool is_first);
    bool brought_earlier(Index a, Index b) const noexcept;

    const History* history_;
    std::vector<Place> places_;
    std::priority_queue<Waiting> ready_;
    Index turns_ = 0;
    Index given_ = 0;
};

}  // namespace uhost::git
