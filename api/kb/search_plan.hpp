#pragma once

#include <cstdint>
#include <vector>

#include "api/kb/candidates.hpp"
#include "api/kb/required_literals.hpp"
#include "api/kb/pattern.hpp"

namespace uhost::kb {

/// How the expressions of a PatternSet are looked for together: most by texts that a line must have one of.
struct SearchPlan {
    std::vector<Literal> literals;                        ///< each once
    std::vector<std::vector<std::uint32_t>> expressions;  ///< for each literal, the expressions that it may stand for
    std::vector<std::uint32_t> without;                   ///< expressions that no text is known of
};

SearchPlan plan_search(const PatternSet& patterns);

/// Expressions that may match the Kelvin sign for a k, or the long s for an s, which no literal says and which
/// Hyperscan does not know; lines with such a letter have to be looked at for all of them.
std::vector<std::uint32_t> expressions_that_fold(const PatternSet& patterns);

/// Adds what those lines are candidates for.
void add_folded(std::string_view text, const std::vector<std::uint32_t>& expressions, std::vector<Candidate>& found);

}  // namespace uhost::kb
