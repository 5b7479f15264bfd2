#include "api/re/pcre2.hpp"
#include "api/re/regex.hpp"

namespace uhost::re {
namespace {

struct StepCount {
    std::uint64_t max_steps, steps = 0;
    std::size_t position = 0;
};

// PCRE2 calls it before each item of the pattern that it tries. Between two calls, a repeat may have read many
// characters.
int count_step(pcre2_callout_block* block, void* data) noexcept {
    auto& count = *static_cast<StepCount*>(data);
    count.steps += 1 + (block->current_position > count.position ? block->current_position - count.position : 0);
    count.position = block->current_position;
    return count.steps > count.max_steps ? PCRE2_ERROR_CALLOUT : 0;
}

// Without limits of PCRE2's own but for memory: the count is the limit.
auto counting_context(StepCount& count) {
    std::unique_ptr<pcre2_match_context, Release<pcre2_match_context_free>> context(pcre2_match_context_create(nullptr));
    if (!context) throw std::bad_alloc();
    pcre2_set_match_limit(context.get(), UINT32_MAX);
    pcre2_set_depth_limit(context.get(), UINT32_MAX);
    pcre2_set_heap_limit(context.get(), Limits::heap_kib);
    pcre2_set_callout(context.get(), count_step, &count);
    return context;
}

}  // namespace

std::optional<std::uint64_t> Regex::count_steps(std::string_view subject, std::uint64_t max_steps) const {
    const Regex counting(pattern_, flags_, Use::rarely, PCRE2_AUTO_CALLOUT);
    StepCount count{.max_steps = max_steps};
    const auto context = counting_context(count);
    const MatchData data(pcre2_match_data_create_from_pattern(counting.code(), nullptr));
    if (!data) throw std::bad_alloc();
    const int code = pcre2_match(counting.code(), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), 0, 0,
                                 data.get(), context.get());
    // Memory at its end is as good as steps without end.
    if (code < PCRE2_ERROR_PARTIAL) return std::nullopt;
    return count.steps;
}

}  // namespace uhost::re
