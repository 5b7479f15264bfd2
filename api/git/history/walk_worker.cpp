#include "api/git/history/walk_worker.hpp"

namespace uhost::git {

namespace {

constexpr std::size_t hand_over_size = 128;

}  // namespace

void PathEntries::resize(std::size_t count) {
    entries_.resize(count);
    known_.resize(count, 0);
}

void PathEntries::set(History::Index index, const PathEntry& entry) {
    entries_[index] = entry;
    known_[index] = 1;
}

void PathEntries::resolve(const History& history, std::span<const History::Index> wanted, const WalkWorkers& workers,
                          const std::stop_token& stop) {
    std::vector<History::Index> unknown;
    for (const History::Index index : wanted) {
        if (known_[index]) continue;
        known_[index] = 1;  // so that one that is wanted twice is listed once
        unknown.push_back(index);
    }
    for (const History::Index index : unknown) known_[index] = 0;
    share_work(workers, unknown.size(), stop, [&](WalkWorker& worker, std::size_t i) {
        set(unknown[i], worker.paths.find(history[unknown[i]].tree));
    });
}

EntryPrefetch::EntryPrefetch(WalkWorker& worker)
    : worker_(worker), thread_(std::async(std::launch::async, [this] { run(); })) {}

EntryPrefetch::~EntryPrefetch() { stop(); }

void EntryPrefetch::add(History::Index index, const Oid& tree) {
    collected_.push_back({index, tree});
    if (collected_.size() >= hand_over_size) hand_over();
}

void EntryPrefetch::hand_over() {
    {
        const std::lock_guard lock(mutex_);
        requests_.insert(requests_.end(), collected_.begin(), collected_.end());
    }
    collected_.clear();
    more_.notify_one();
}

void EntryPrefetch::stop() {
    stopping_ = true;
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    more_.notify_one();
    if (thread_.valid()) thread_.wait();
}

void EntryPrefetch::finish(PathEntries& entries) {
    stop();
    for (const Answer& answer : answers_) entries.set(answer.index, answer.entry);
}

void EntryPrefetch::run() {
    std::vector<Request> taken;
    while (true) {
        {
            std::unique_lock lock(mutex_);
            more_.wait(lock, [this] { return ended_ || !requests_.empty(); });
            if (ended_) return;
            taken.clear();
            taken.swap(requests_);
        }
        if (!answer(taken)) return;
    }
}

bool EntryPrefetch::answer(const std::vector<Request>& requests) {
    try {
        for (const Request& request : requests) {
            if (stopping_) return false;
            answers_.push_back({request.index, worker_.paths.find(request.tree)});
        }
    } catch (const Error&) {
        return false;
    }
    return true;
}

}  // namespace uhost::git
