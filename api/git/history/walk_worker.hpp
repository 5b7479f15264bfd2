#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <future>
#include <mutex>
#include <stop_token>
#include <vector>

#include "api/git/history/history.hpp"
#include "api/git/history/tree_object.hpp"

namespace uhost::git {

/// What one thread of a walk reads with.
struct WalkWorker {
    ObjectReader reader;
    TreePaths paths;

    WalkWorker(const ObjectStore& store, std::string_view path) : reader(store), paths(reader, path) {}
    WalkWorker(const WalkWorker&) = delete;
    WalkWorker& operator=(const WalkWorker&) = delete;
};

using WalkWorkers = std::vector<std::unique_ptr<WalkWorker>>;

/// Does `work(worker, i)` for every i below `count`, the second half on a thread of its own if there is a second worker
/// and enough to do. Raises what `work` raises, and `git.cancelled` once `stop` asks for it.
template <typename Work>
void share_work(const WalkWorkers& workers, std::size_t count, const std::stop_token& stop, Work work) {
    constexpr std::size_t worth_a_thread = 16;
    const auto run = [&](WalkWorker& worker, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (stop.stop_requested()) throw cancelled();
            work(worker, i);
        }
    };
    const std::size_t middle = workers.size() > 1 && count >= worth_a_thread ? count / 2 : count;
    std::future<void> second;
    if (middle < count) {
        second = std::async(std::launch::async, [&] { run(*workers[1], middle, count); });
    }
    run(*workers[0], 0, middle);
    if (second.valid()) second.get();
}

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
