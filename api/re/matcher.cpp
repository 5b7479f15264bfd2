#include "api/re/matcher.hpp"

#include <fmt/format.h>

#include <array>

#include "api/re/pcre2.hpp"
#include "api/re/step_count.hpp"

namespace uhost::re {
namespace {

struct ThreadContext {
    std::unique_ptr<pcre2_match_context, Release<pcre2_match_context_free>> context{
        pcre2_match_context_create(nullptr)};
    std::unique_ptr<pcre2_jit_stack, Release<pcre2_jit_stack_free>> stack{
        pcre2_jit_stack_create(32 << 10, Limits::jit_stack_bytes, nullptr)};

    ThreadContext() {
        if (!context) throw std::bad_alloc();
        pcre2_set_depth_limit(context.get(), Limits::depth);
        pcre2_set_heap_limit(context.get(), Limits::heap_kib);
        pcre2_jit_stack_assign(context.get(), nullptr, stack.get());
    }
};

std::string shown(const std::string& pattern) {
    constexpr std::size_t longest = 80;
    return pattern.size() <= longest ? pattern : pattern.substr(0, longest).append("...");
}

Error limit_error(const Regex& regex, const char* limit, const std::string& takes, const char* hint) {
    return Error("re.limit", fmt::format("matching '{}' takes more than {}", shown(regex.pattern()), takes))
        .hint(hint)
        .with("limit", std::string(limit))
        .with("pattern", regex.pattern());
}

constexpr const char* too_many_steps =
    "repeats within repeats, such as (a+)+, do that; make them exclude each other, or possessive: (a++)+";
constexpr const char* too_much_memory =
    "a repeated group, such as (?:a|b)*, does that on a long text; use a class, [ab]*, or a possessive repeat, "
    "(?:a|b)*+";

}  // namespace

pcre2_match_context* match_context(std::uint32_t max_steps) {
    thread_local ThreadContext mine;
    pcre2_set_match_limit(mine.context.get(), max_steps);
    return mine.context.get();
}

void throw_match_error(const Regex& regex, int code) {
    switch (code) {
        case PCRE2_ERROR_CALLOUT:
            throw limit_error(regex, "steps", "the steps that are left", too_many_steps);
        case PCRE2_ERROR_MATCHLIMIT:
            throw limit_error(regex, "steps", fmt::format("{} steps", Limits::steps), too_many_steps);
        case PCRE2_ERROR_DEPTHLIMIT:
            throw limit_error(regex, "depth", fmt::format("{} nested steps", Limits::depth), too_many_steps);
        case PCRE2_ERROR_HEAPLIMIT:
            throw limit_error(regex, "heap", fmt::format("{} MiB of memory", Limits::heap_kib >> 10), too_much_memory);
        case PCRE2_ERROR_JIT_STACKLIMIT:
            throw limit_error(regex, "jit_stack", fmt::format("{} MiB of stack", Limits::jit_stack_bytes >> 20),
                              too_much_memory);
        case PCRE2_ERROR_NOMEMORY:
            throw std::bad_alloc();
        default:
            break;
    }
    std::array<PCRE2_UCHAR, 256> words{};
    pcre2_get_error_message(code, words.data(), words.size());
    throw Error("re.match", fmt::format("matching '{}' failed", shown(regex.pattern())))
        .native(reinterpret_cast<const char*>(words.data()));
}

void Matcher::ReleaseData::operator()(pcre2_real_match_data_8* data) const { pcre2_match_data_free(data); }

Matcher::Matcher(std::shared_ptr<const Regex> regex)
    : regex_(std::move(regex)), data_(pcre2_match_data_create_from_pattern(regex_->code(), nullptr)) {
    if (!data_) throw std::bad_alloc();
}

bool Matcher::find(std::string_view subject, std::size_t start, bool not_empty) {
    const int code =
        pcre2_match(regex_->code(), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), start,
                    not_empty ? PCRE2_NOTEMPTY_ATSTART : 0, data_.get(), match_context(max_steps_));
    if (code > 0) return true;
    if (code == PCRE2_ERROR_NOMATCH) return false;
    throw_match_error(*regex_, code);
}

namespace {

// PCRE2 calls it at each callout; a negative number ends the match.
int count_step(pcre2_callout_block* block, void* meter) noexcept {
    return static_cast<StepMeter*>(meter)->count(block->current_position) ? 0 : PCRE2_ERROR_CALLOUT;
}

/// The thread's match context with a meter, for as long as this lives.
class Metering {
public:
    explicit Metering(StepMeter& meter) { pcre2_set_callout(match_context(), count_step, &meter); }
    Metering(const Metering&) = delete;
    Metering& operator=(const Metering&) = delete;
    ~Metering() { pcre2_set_callout(match_context(), nullptr, nullptr); }
};

}  // namespace

bool Matcher::find(std::string_view subject, StepMeter& meter, std::size_t start) {
    const Metering metering(meter);
    return find(subject, start);
}

std::optional<Span> Matcher::group(unsigned number) const {
    const auto* offsets = pcre2_get_ovector_pointer(data_.get());
    const auto begin = offsets[2 * number], end = offsets[2 * number + 1];
    if (begin == PCRE2_UNSET) return std::nullopt;
    return Span{begin, std::max(begin, end)};
}

std::vector<std::optional<Span>> Matcher::groups() const {
    std::vector<std::optional<Span>> all(regex_->groups() + 1);
    for (unsigned number = 0; number < all.size(); ++number) all[number] = group(number);
    return all;
}

std::size_t Matcher::count(std::string_view subject) {
    std::size_t matches = 0, start = 0;
    bool empty = false;
    while (find(subject, start, empty)) {
        ++matches;
        start = whole().end;
        empty = whole().size() == 0;
    }
    return matches;
}

}  // namespace uhost::re
