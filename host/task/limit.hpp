#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

namespace uhost {

/// A number of permits shared by tasks; who finds none waits in line. With one permit it is a lock. Loop thread only.
class Limit {
public:
    using Place = std::uint64_t;

    explicit Limit(int permits) : free_(permits), total_(permits) {}

    /// Takes a permit if one is free and nobody is in line.
    bool try_acquire();
    /// Gets in line: `granted` is called once, with a permit taken on the caller's behalf.
    Place enqueue(std::function<void()> granted);
    /// Leaves the line, if still in it.
    void leave(Place place);
    /// Gives a permit back, to the first in line if there is one. More than were taken are ignored.
    void release();

private:
    int free_, total_;
    Place last_place_ = 0;
    std::deque<std::pair<Place, std::function<void()>>> line_;
};

}  // namespace uhost
