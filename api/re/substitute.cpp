#include "api/re/substitute.hpp"

#include <fmt/format.h>

#include <array>

#include "api/re/matcher.hpp"
#include "api/re/pcre2.hpp"

namespace uhost::re {
namespace {

struct Progress {
    std::uint64_t limit, count;
};

// PCRE2 asks before each replacement: 0 makes it, a negative number ends all replacing.
int next_allowed(pcre2_substitute_callout_block*, void* data) {
    auto& progress = *static_cast<Progress*>(data);
    if (progress.count == progress.limit) return -1;
    ++progress.count;
    return 0;
}

/// The thread's match context with the callout set, for as long as this lives.
class Callout {
public:
    explicit Callout(Progress& progress) { pcre2_set_substitute_callout(match_context(), next_allowed, &progress); }
    Callout(const Callout&) = delete;
    Callout& operator=(const Callout&) = delete;
    ~Callout() { pcre2_set_substitute_callout(match_context(), nullptr, nullptr); }
};

[[noreturn]] void throw_replacement_error(std::string_view replacement, int code) {
    std::array<PCRE2_UCHAR, 256> words{};
    pcre2_get_error_message(code, words.data(), words.size());
    const auto* reason = reinterpret_cast<const char*>(words.data());
    throw Error("re.replacement", fmt::format("invalid replacement '{}': {}", replacement.substr(0, 80), reason))
        .hint("$1, ${1} and ${name} stand for groups, $0 for the match; write $$ for a dollar sign")
        .native(reason);
}

bool is_about_replacement(int code) {
    return code == PCRE2_ERROR_BADREPLACEMENT || code == PCRE2_ERROR_BADREPESCAPE ||
           code == PCRE2_ERROR_REPMISSINGBRACE || code == PCRE2_ERROR_BADSUBSTITUTION ||
           code == PCRE2_ERROR_NOSUBSTRING || code == PCRE2_ERROR_NOUNIQUESUBSTRING ||
           (code <= PCRE2_ERROR_UTF8_ERR1 && code >= PCRE2_ERROR_UTF8_ERR21);
}

}  // namespace

Substituted substitute(const Regex& regex, std::string_view subject, std::string_view replacement,
                       std::uint64_t limit) {
    Progress progress{limit, 0};
    const Callout callout(progress);
    const MatchData data(pcre2_match_data_create_from_pattern(regex.code(), nullptr));
    if (!data) throw std::bad_alloc();
    std::string out(subject.size() + subject.size() / 8 + 64, '\0');
    for (;;) {
        progress.count = 0;
        auto size = out.size();
        const int code =
            pcre2_substitute(regex.code(), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), 0,
                             PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_OVERFLOW_LENGTH | PCRE2_SUBSTITUTE_UNSET_EMPTY,
                             data.get(), match_context(), reinterpret_cast<PCRE2_SPTR>(replacement.data()),
                             replacement.size(), reinterpret_cast<PCRE2_UCHAR*>(out.data()), &size);
        if (code == PCRE2_ERROR_NOMEMORY && size > out.size()) {
            out.resize(size);
            continue;
        }
        if (code < 0 && is_about_replacement(code)) throw_replacement_error(replacement, code);
        if (code < 0) throw_match_error(regex, code);
        out.resize(size);
        return {std::move(out), progress.count};
    }
}

}  // namespace uhost::re
