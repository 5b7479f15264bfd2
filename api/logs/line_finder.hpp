#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/kb/candidate_finder.hpp"
#include "api/kb/hyperscan.hpp"
#include "api/logs/gram_filter.hpp"
#include "api/re/matcher.hpp"

namespace uhost::logs {

/// A regular expression that lines are searched for. Immutable; from any thread.
class LinePattern {
public:
    /// Throws `re.syntax`.
    LinePattern(const std::string& pattern, const re::Flags& flags);

    /// Whether lines with this filter may match; `folds` says whether they have one of the letters that filters do not
    /// know (has_folding_letter).
    bool may_match(std::string_view filter, bool folds) const;
    const std::shared_ptr<const re::Regex>& regex() const { return regex_; }

private:
    friend class LineFinder;

    kb::PatternSet set_;
    kb::HyperscanParts parts_;
    std::shared_ptr<const re::Regex> regex_;
    bool is_text_;  // it matches where a text is that candidates have, and nowhere else
    std::vector<std::vector<std::uint32_t>> grams_;  // of each text of which a match has one; empty: of any text
    bool folds_;
};

/// Finds the lines of texts that a pattern matches: candidates by Hyperscan, or by texts that a match must have, which
/// PCRE2 confirms. The pattern must outlive it. For one thread at a time.
class LineFinder {
public:
    explicit LineFinder(const LinePattern& pattern);

    /// Where the lines are that match, in order; their newlines are no part of them. A newline stands behind each line
    /// of `text`. Throws `re.limit`.
    const std::vector<re::Span>& find(std::string_view text);
    /// Of a line that was found: the first match in it. Throws `re.limit`.
    re::Span match_in(std::string_view line);

private:
    bool is_text_;
    re::Matcher matcher_;
    std::unique_ptr<kb::CandidateFinder> finder_;
    std::vector<kb::Candidate> candidates_;
    std::vector<re::Span> lines_;
};

}  // namespace uhost::logs
