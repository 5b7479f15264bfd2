#include "api/re/step_count.hpp"

#include <ctime>

#include "api/re/matcher.hpp"

namespace uhost::re {

StepMeter::Seconds StepMeter::thread_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

bool StepMeter::count(std::size_t position) {
    constexpr std::uint32_t between_clocks = 1 << 16;  // callouts
    steps_ += 1 + (position > position_ ? position - position_ : 0);
    position_ = position;
    if (++callouts_ % between_clocks == 0 && deadline_ < Seconds::max()) is_late_ = thread_time() > deadline_;
    return !is_exceeded();
}

namespace {

// Who counts the steps of a pattern does so with many subjects, one after the other.
const std::shared_ptr<const Regex>& counting_again(const Regex& regex) {
    thread_local std::shared_ptr<const Regex> last;
    if (last == nullptr || last->pattern() != regex.pattern() || last->flags() != regex.flags()) {
        last = Regex::counting(regex.pattern(), regex.flags(), Regex::Use::rarely);
    }
    return last;
}

}  // namespace

std::optional<std::uint64_t> Regex::count_steps(std::string_view subject, std::uint64_t max_steps) const {
    Matcher matcher(counting_again(*this));
    StepMeter meter(max_steps);
    try {
        matcher.find(subject, meter);
    } catch (const Error& error) {
        // Memory at its end is as good as steps without end.
        if (error.kind() != "re.limit") throw;
        return std::nullopt;
    }
    return meter.steps();
}

}  // namespace uhost::re
