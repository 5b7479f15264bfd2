#include "api/git/remote/waiting.hpp"

#include <poll.h>

#include <cerrno>
#include <chrono>

#include "api/git/remote/transfer.hpp"

namespace uhost::git {
namespace {

constexpr int slice_ms = 100;

}  // namespace

Wait wait_for(int descriptor, short events, double timeout_s, const Transfer* transfer) {
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
        if (transfer != nullptr && transfer->stopped()) return Wait::stopped;
        pollfd entry{descriptor, events, 0};
        const int found = poll(&entry, 1, slice_ms);
        if (found > 0) return Wait::ready;
        if (found < 0 && errno != EINTR) return Wait::failed;
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        if (timeout_s > 0 && passed.count() > timeout_s) return Wait::timed_out;
    }
}

}  // namespace uhost::git
