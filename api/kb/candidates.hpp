#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "api/kb/pattern.hpp"

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
    /// Adds to `found`, in any order; the text is lines with newlines between them.
    virtual void find(std::string_view text, std::vector<Candidate>& found) = 0;
};

/// Searches with PCRE2, one expression after the other. The expressions must outlive it.
std::unique_ptr<CandidateFinder> pcre2_finder(const PatternSet& patterns, std::vector<std::uint32_t> expressions);

/// Searches for the texts that lines must have, and with PCRE2 for expressions of which none is known. The patterns
/// must outlive it.
std::unique_ptr<CandidateFinder> literal_finder(const PatternSet& patterns);

}  // namespace uhost::kb
