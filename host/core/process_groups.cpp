#include "host/core/process_groups.hpp"

#include <array>
#include <atomic>
#include <csignal>

namespace uhost::process_groups {
namespace {

std::array<std::atomic<int>, 256> groups{};
static_assert(std::atomic<int>::is_always_lock_free);

}  // namespace

void add(int group) {
    for (auto& place : groups) {
        int none = 0;
        if (place.compare_exchange_strong(none, group)) return;
    }
}

void remove(int group) {
    for (auto& place : groups) {
        int expected = group;
        if (place.compare_exchange_strong(expected, 0)) return;
    }
}

void kill_all() {
    for (auto& place : groups) {
        if (const int group = place.exchange(0); group > 0) ::kill(-group, SIGKILL);
    }
}

}  // namespace uhost::process_groups
