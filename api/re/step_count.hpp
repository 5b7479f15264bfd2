#pragma once

#include <chrono>
#include <cstdint>

#include "api/re/regex.hpp"

namespace uhost::re {

/// Counts what matches of a pattern that Regex::counting() gave take, and ends them when that is too much: steps are
/// callouts, and bytes that were read between them, and are the same on every machine. The processor time is for what
/// steps do not see, such as long texts that a back reference compares.
class StepMeter {
public:
    using Seconds = std::chrono::duration<double>;

    /// `deadline` is in the processor time of the thread that matches.
    explicit StepMeter(std::uint64_t max_steps, Seconds deadline = Seconds::max())
        : max_steps_(max_steps), deadline_(deadline) {}

    std::uint64_t steps() const { return steps_; }
    bool is_exceeded() const { return steps_ > max_steps_ || is_late_; }
    /// At a callout: whether the match may go on.
    bool count(std::size_t position);

    /// The processor time that the calling thread has had.
    static Seconds thread_time();

private:
    std::uint64_t max_steps_, steps_ = 0;
    std::uint32_t callouts_ = 0;
    std::size_t position_ = 0;
    Seconds deadline_;
    bool is_late_ = false;
};

}  // namespace uhost::re
