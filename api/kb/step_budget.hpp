#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "api/re/step_count.hpp"

namespace uhost::kb {

/// What patterns may take in a log. Steps come first by far; the processor time is for what they do not see.
struct ScanLimits {
    std::uint64_t steps = 100'000'000;         ///< of all patterns, and one of them a tenth
    re::StepMeter::Seconds processor_time{60};
};

/// How many steps expressions may still take in a log; more for a longer one. An expression that has none left is left
/// out of what follows, so that it does not take them from others. For one thread at a time.
class StepBudget {
public:
    /// What a match that is not counted may take from one starting place, as PCRE2 counts; most take a few.
    static constexpr std::uint32_t usual_steps = 5'000;
    static constexpr std::uint64_t of_match = 1'000'000;

    StepBudget(std::size_t expressions, const ScanLimits& limits)
        : limits_(limits), time_left_(limits.processor_time), spent_of_(expressions) {}

    /// From here on, so much more of the log is looked at, by the calling thread.
    void begin(std::size_t bytes) {
        bytes_ += bytes;
        began_ = re::StepMeter::thread_time();
    }
    void end() { time_left_ -= re::StepMeter::thread_time() - began_; }

    /// For the next match of an expression, or several. Nothing when it is left out.
    std::optional<re::StepMeter> meter(std::uint32_t expression, std::uint64_t most = of_match) const {
        const auto left = less(limits_.steps + bytes_ * per_byte, spent_);
        const auto left_of_one = less(limits_.steps / share + bytes_ * per_byte_of_one, spent_of_[expression]);
        if (left == 0 || left_of_one == 0 || time_left_.count() <= 0) return std::nullopt;
        return re::StepMeter(std::min({left, left_of_one, most}), began_ + time_left_);
    }

    void spend(std::uint32_t expression, std::uint64_t steps) {
        spent_of_[expression] += steps;
        spent_ += steps;
    }

private:
    static constexpr std::uint64_t share = 10;
    static constexpr std::uint64_t per_byte = 40, per_byte_of_one = 8;

    static std::uint64_t less(std::uint64_t most, std::uint64_t spent) { return most - std::min(most, spent); }

    ScanLimits limits_;
    re::StepMeter::Seconds began_{}, time_left_;
    std::uint64_t bytes_ = 0, spent_ = 0;
    std::vector<std::uint64_t> spent_of_;
};

}  // namespace uhost::kb
