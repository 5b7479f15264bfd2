#include "api/re/regex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "api/re/pcre2.hpp"
#include "api/re/rewrite.hpp"

namespace uhost::re {
namespace {

const UsageErrors usage_errors("re");

struct Letter {
    char letter;
    bool Flags::*flag;
    std::uint32_t option;
};
constexpr std::array<Letter, 6> letters_known{{{'i', &Flags::caseless, PCRE2_CASELESS},
                                               {'m', &Flags::multiline, PCRE2_MULTILINE},
                                               {'s', &Flags::dot_all, PCRE2_DOTALL},
                                               {'x', &Flags::extended, PCRE2_EXTENDED},
                                               {'n', &Flags::named_only, PCRE2_NO_AUTO_CAPTURE},
                                               {'b', &Flags::bytes, 0}}};

std::uint32_t options_of(const Flags& flags) {
    // \C takes a byte out of the middle of a character.
    std::uint32_t options = PCRE2_NEVER_BACKSLASH_C;
    for (const auto& known : letters_known) {
        if (flags.*known.flag) options |= known.option;
    }
    return flags.bytes ? options : options | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
}

std::string words_of(int code) {
    std::array<PCRE2_UCHAR, 256> buffer{};
    pcre2_get_error_message(code, buffer.data(), buffer.size());
    return reinterpret_cast<const char*>(buffer.data());
}

// The pattern's line around `offset` with a caret below the place.
std::string caret_excerpt(std::string_view pattern, std::size_t offset) {
    constexpr std::size_t side = 40;
    const auto begin = offset > side ? offset - side : 0;
    std::string line(pattern.substr(begin, 2 * side));
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return fmt::format("{}\n{:>{}}", line, '^', offset - begin + 1);
}

Error syntax_error(std::string_view pattern, std::size_t offset, const std::string& reason) {
    constexpr std::size_t shown = 40;
    offset = std::min(offset, pattern.size());
    const auto begin = offset > shown ? offset - shown : 0;
    return Error("re.syntax", fmt::format("invalid pattern at position {}: {}: {}{} <-- here", offset + 1, reason,
                                          begin > 0 ? "..." : "", pattern.substr(begin, offset - begin)))
        .with("position", static_cast<std::int64_t>(offset + 1))
        .with("excerpt", caret_excerpt(pattern, offset))
        .native(reason);
}

pcre2_code* compiled(std::string_view pattern, std::uint32_t options) {
    const std::unique_ptr<pcre2_compile_context, Release<pcre2_compile_context_free>> context(
        pcre2_compile_context_create(nullptr));
    if (!context) throw std::bad_alloc();
    pcre2_set_max_pattern_length(context.get(), Limits::pattern_bytes);
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
    int reason = 0;
    std::size_t offset = 0;
    auto* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &reason, &offset,
                               context.get());
    if (code == nullptr) throw syntax_error(pattern, offset, words_of(reason));
    return code;
}

// The pattern as JIT gets it right, which may be another spelling; see rewrite.hpp. Nothing when there is none.
std::optional<std::string> spelling_for_jit(std::string_view pattern, const Flags& flags) {
    static const bool is_fixed = !is_library_older_than(10, 43);
    if (is_fixed || flags.bytes) return std::string(pattern);
    auto spelled = spell_negated_types(pattern, flags);
    if (spelled && spelled->size() > Limits::pattern_bytes) return std::nullopt;
    return spelled;
}

}  // namespace

bool is_library_older_than(int major, int minor) {
    std::array<char, 64> version{};
    pcre2_config(PCRE2_CONFIG_VERSION, version.data());
    int has_major = 0, has_minor = 0;
    std::sscanf(version.data(), "%d.%d", &has_major, &has_minor);
    return std::pair(has_major, has_minor) < std::pair(major, minor);
}

Flags Flags::parse(std::string_view letters) {
    Flags flags;
    for (const char letter : letters) {
        const auto known = std::ranges::find(letters_known, letter, &Letter::letter);
        if (known == letters_known.end()) {
            throw Error("argument", fmt::format("no flag of a pattern is called '{}'", letter))
                .hint(
                    "flags are i (caseless), m (multiline), s (dot matches newlines), x (extended), n (only named "
                    "groups capture) and b (bytes, not UTF-8)");
        }
        flags.*known->flag = true;
    }
    return flags;
}

std::string Flags::letters() const {
    std::string text;
    for (const auto& known : letters_known) {
        if (this->*known.flag) text += known.letter;
    }
    return text;
}

void Regex::ReleaseCode::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }

Regex::Regex(std::string_view pattern, Flags flags, Use use) : Regex(pattern, flags, use, 0, false) {}

Regex::Regex(std::string_view pattern, Flags flags, Use use, std::uint32_t more_options, bool counts)
    : pattern_(pattern), flags_(flags), counts_(counts) {
    const auto spelled = use == Use::often ? spelling_for_jit(pattern, flags) : std::string(pattern);
    compile(spelled.value_or(pattern_), options_of(flags) | more_options);
    // What JIT cannot take, or must not, the interpreter runs within the same limits.
    if (use == Use::often && spelled) pcre2_jit_compile(code_.get(), PCRE2_JIT_COMPLETE);
    pcre2_pattern_info(code_.get(), PCRE2_INFO_CAPTURECOUNT, &groups_);
    read_names();
}

void Regex::compile(std::string_view spelled, std::uint32_t options) {
    try {
        const auto counting = counts_ ? counting_pattern(spelled, flags_) : std::string(spelled);
        if (counting) return code_.reset(compiled(*counting, options));
    } catch (const Error&) {
        // It is too large so, or wrong: mistakes are to be shown in the pattern itself.
        code_.reset(compiled(pattern_, options));
    }
    code_.reset(compiled(spelled, options | (counts_ ? PCRE2_AUTO_CALLOUT : 0)));
}

void Regex::read_names() {
    std::uint32_t count = 0, entry_size = 0;
    PCRE2_SPTR entry = nullptr;
    pcre2_pattern_info(code_.get(), PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(code_.get(), PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
    pcre2_pattern_info(code_.get(), PCRE2_INFO_NAMETABLE, &entry);
    for (std::uint32_t i = 0; i < count; ++i, entry += entry_size) {
        const auto group = static_cast<unsigned>(entry[0]) << 8U | entry[1];
        names_.push_back({reinterpret_cast<const char*>(entry + 2), group});
    }
}

std::shared_ptr<const Regex> Regex::for_lines(const Regex& regex) {
    const auto pattern = line_pattern(regex.pattern(), regex.flags());
    if (!pattern) return nullptr;
    auto flags = regex.flags();
    flags.multiline = true;
    flags.dot_all = false;
    try {
        return std::shared_ptr<const Regex>(
            new Regex(*pattern, flags, Use::often, PCRE2_ALT_CIRCUMFLEX, regex.counts_));
    } catch (const Error&) {
        return nullptr;  // grew beyond the limits: line by line, then
    }
}

std::shared_ptr<const Regex> Regex::counting(std::string_view pattern, Flags flags, Use use) {
    return std::shared_ptr<const Regex>(new Regex(pattern, flags, use, 0, true));
}

std::string escape(std::string_view text) {
    std::string pattern;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool continues = (byte & 0xC0U) == 0x80U;  // the inside of a character beyond ASCII
        if (c == '\0') {
            pattern += "\\x00";
            continue;
        }
        if (!continues && std::isalnum(byte) == 0 && c != '_') pattern += '\\';
        pattern += c;
    }
    return pattern;
}

}  // namespace uhost::re
