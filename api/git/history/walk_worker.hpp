#pragma once

#include <algorithm>
#include <cstddef>
#include <future>
#include <stop_token>

#include "api/git/history/history.hpp"
#include "api/git/history/tree_paths.hpp"

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

}  // namespace uhost::git
