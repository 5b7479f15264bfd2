#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "api/kb/pattern.hpp"
#include "api/kb/required_literals.hpp"
#include "api/kb/step_budget.hpp"

namespace uhost::kb {

/// An expression that may match a line.
struct Candidate {
    std::size_t offset;        ///< of a byte of the line in the searched text, or its end
    std::uint32_t expression;  ///< its number in the PatternSet
};

/// Finds which expressions may match which lines of a text: all that do, and others now and then. For one thread at a
/// time.
class CandidateFinder {
public:
    virtual ~CandidateFinder() = default;
    /// What follows belongs to another log, with its own limits.
    virtual void begin(const ScanLimits& limits) = 0;
    /// Adds to `found`, in any order; the text is lines with newlines between them.
    virtual void find(std::string_view text, std::vector<Candidate>& found) = 0;
};

/// Searches with PCRE2, one expression after the other; all lines are candidates of one that takes more than it may.
/// The expressions must outlive it.
std::unique_ptr<CandidateFinder> pcre2_finder(const PatternSet& patterns, std::vector<std::uint32_t> expressions);

/// Searches for the texts that lines must have, and uses PCRE2 for expressions without such a text. The patterns
/// must outlive it.
std::unique_ptr<CandidateFinder> literal_finder(const PatternSet& patterns);

/// How expressions are looked for together: most by texts that a line must have one of. Expressions are places in the
/// list of those that were asked for.
struct SearchPlan {
    std::vector<Literal> literals;                        ///< each once
    std::vector<std::vector<std::uint32_t>> expressions;  ///< for each literal, the expressions that it may stand for
    std::vector<std::uint32_t> without;                   ///< expressions that no text is known of
};
SearchPlan plan_search(const PatternSet& patterns, std::span<const std::uint32_t> expressions);

/// Expressions that may match the Kelvin sign for a k, or the long s for an s, which no literal says and which
/// Hyperscan does not know; lines with such a letter have to be looked at for all of them.
std::vector<std::uint32_t> expressions_that_fold(const PatternSet& patterns);
/// In ascending order, each once.
void sort_unique(std::vector<std::uint32_t>& numbers);
/// Adds what those lines are candidates for.
void add_folded(std::string_view text, const std::vector<std::uint32_t>& expressions, std::vector<Candidate>& found);

}  // namespace uhost::kb
