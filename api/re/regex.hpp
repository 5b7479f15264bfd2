#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/core/error.hpp"

struct pcre2_real_code_8;

namespace uhost::re {

/// A stretch of a text, in bytes from 0; `end` is behind the last.
struct Span {
    std::size_t begin, end;

    std::size_t size() const { return end - begin; }
    std::string_view of(std::string_view text) const { return text.substr(begin, size()); }
    bool operator==(const Span&) const = default;
};

/// How a pattern is read. Text is UTF-8 unless `bytes` is set; bytes in a subject that are not UTF-8 match nothing, and
/// are no error.
struct Flags {
    bool caseless = false;    ///< i
    bool multiline = false;   ///< m: ^ and $ match at line ends too
    bool dot_all = false;     ///< s: . matches a newline too
    bool extended = false;    ///< x: blanks and #-comments in the pattern are ignored
    bool named_only = false;  ///< n: plain parentheses do not capture
    bool bytes = false;       ///< b: a character is a byte, and \x80 to \xff are plain characters

    /// From letters as above, in any order. Throws `argument` naming a letter that is none.
    static Flags parse(std::string_view letters);
    std::string letters() const;
    bool operator==(const Flags&) const = default;
};

/// What one match may take. Reaching any of them is an error, never "no match".
struct Limits {
    static constexpr std::uint32_t steps = 10'000'000;  ///< backtracking steps from one starting place
    static constexpr std::uint32_t depth = 100'000;     ///< nested backtracking points, for patterns without JIT
    static constexpr std::uint32_t heap_kib = 64 * 1024;
    static constexpr std::size_t jit_stack_bytes = 16 << 20;
    static constexpr std::size_t pattern_bytes = 64 << 10;
};

/// A compiled pattern (PCRE2, with JIT where the machine has it). Immutable: any number of threads may share one, each
/// with a Matcher of its own.
class Regex {
public:
    struct Name {
        std::string name;
        unsigned group;
    };

    /// Whether a pattern is worth being turned into machine code, which takes longer than some hundred matches without,
    /// and some ten thousand bytes.
    enum class Use { often, rarely };

    /// Throws `re.syntax`, with `details.position` (bytes, from 1) and `details.excerpt`, which has a caret below it.
    explicit Regex(std::string_view pattern, Flags flags = {}, Use use = Use::often);

    const std::string& pattern() const { return pattern_; }
    const Flags& flags() const { return flags_; }
    /// How many capturing groups there are, beside the whole match.
    unsigned groups() const { return groups_; }
    /// Named groups; a name may occur more than once, with `(?J)`.
    const std::vector<Name>& names() const { return names_; }

    const pcre2_real_code_8* code() const { return code_.get(); }

    /// How many steps it takes to find a match in `subject`, or none; see StepMeter. Nothing when it takes more than
    /// `max_steps`, or more than a match may.
    std::optional<std::uint64_t> count_steps(std::string_view subject, std::uint64_t max_steps) const;

    /// A pattern as compiled before, when it was not long ago: the last few hundred are kept. From any thread.
    static std::shared_ptr<const Regex> get(std::string_view pattern, Flags flags = {});

    /// One that finds, in several lines at once, exactly what `regex` finds in each line by itself; null when there is
    /// none. See rewrite.hpp.
    static std::shared_ptr<const Regex> for_lines(const Regex& regex);

    /// One whose steps a StepMeter can count; it takes somewhat longer to match. Throws `re.syntax`.
    static std::shared_ptr<const Regex> counting(std::string_view pattern, Flags flags, Use use);

private:
    struct ReleaseCode {
        void operator()(pcre2_real_code_8* code) const;
    };

    Regex(std::string_view pattern, Flags flags, Use use, std::uint32_t more_options, bool counts);
    void compile(std::string_view spelled, std::uint32_t options);
    void read_names();

    std::string pattern_;
    Flags flags_;
    bool counts_;  // has callouts
    std::unique_ptr<pcre2_real_code_8, ReleaseCode> code_;
    unsigned groups_ = 0;
    std::vector<Name> names_;
};

/// A text as a pattern that matches just it, with any flags.
std::string escape(std::string_view text);

}  // namespace uhost::re
