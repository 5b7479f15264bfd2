#pragma once

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <vector>

#include "api/git/history/walk_worker.hpp"

namespace uhost::git {

/// What the path of a walk is in each commit of its history, found out when asked for.
class PathEntries {
public:
    /// Makes room for `count` commits; what is known is kept.
    void resize(std::size_t count);

    /// Finds out what is not known yet of `wanted`, on all workers. Raises as `TreePaths::find` and `share_work`.
    void resolve(const History& history, std::span<const History::Index> wanted, const WalkWorkers& workers,
                 const std::stop_token& stop);

    /// Only for commits that were resolved or set.
    const PathEntry& operator[](History::Index index) const noexcept { return entries_[index]; }
    void set(History::Index index, const PathEntry& entry);

private:
    std::vector<PathEntry> entries_;
    std::vector<char> known_;  // not bool: two threads set neighbours
};

/// Finds entries on a thread of its own while the history is still being read, which one thread has to do alone.
class EntryPrefetch {
public:
    explicit EntryPrefetch(WalkWorker& worker);
    EntryPrefetch(const EntryPrefetch&) = delete;
    EntryPrefetch& operator=(const EntryPrefetch&) = delete;
    ~EntryPrefetch();

    /// Asks for the entry of commit `index`, whose root tree is `tree`.
    void add(History::Index index, const Oid& tree);

    /// Ends the thread, and moves what it found into `entries`. What it could not read stays unknown, for whoever
    /// needs it to meet the error.
    void finish(PathEntries& entries);

private:
    struct Request {
        History::Index index;
        Oid tree;
    };
    struct Answer {
        History::Index index;
        PathEntry entry;
    };

    void run();
    bool answer(const std::vector<Request>& requests);
    void hand_over();
    void stop();

    WalkWorker& worker_;
    std::vector<Request> collected_;  // by the reading thread, handed over by the hundred
    std::mutex mutex_;
    std::condition_variable more_;
    std::vector<Request> requests_;
    bool ended_ = false;
    std::atomic<bool> stopping_ = false;
    std::vector<Answer> answers_;
    std::future<void> thread_;
};

}  // namespace uhost::git
