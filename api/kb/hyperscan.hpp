#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/kb/candidate_finder.hpp"
#include "api/kb/pattern.hpp"

namespace uhost::kb {

class HyperscanDatabase;

/// Some expressions compiled for Hyperscan (or Vectorscan): one database of the texts that lines must have, and one of
/// the expressions without such a text, in a wider form. What they find are candidates. It does not depend
/// on where in a PatternSet its expressions stand, so that what was compiled of one set serves another that shares
/// them. https://intel.github.io/hyperscan/dev-reference/
struct HyperscanPart {
    static std::shared_ptr<const HyperscanPart> compile(const PatternSet& patterns,
                                                        std::span<const std::uint32_t> expressions);
    /// From what serialize() gave; null when it is for another library or machine, or damaged.
    static std::shared_ptr<const HyperscanPart> restore(std::string_view serialized);
    std::string serialize() const;

    std::vector<std::uint64_t> fingerprints;            ///< of its expressions; elsewhere they are places in this list
    std::vector<std::uint64_t> refusing;                ///< of those of the set that only refuse hits
    std::shared_ptr<const HyperscanDatabase> literals;  ///< null when there are none
    std::vector<std::vector<std::uint32_t>> expressions;  ///< for each literal, the expressions it may stand for
    std::shared_ptr<const HyperscanDatabase> shapes;      ///< null when there are none; reports expressions
    std::vector<std::uint32_t> left_out;                  ///< for PCRE2
};

/// Whether this uhost was built with the library and this machine can run it.
bool has_hyperscan();
/// What a compiled part depends on beside its expressions: the library and the processor.
std::string hyperscan_platform();

using HyperscanParts = std::vector<std::shared_ptr<const HyperscanPart>>;

/// Searches with parts that together hold all expressions, and with PCRE2 for what they leave out. The patterns must
/// outlive it.
std::unique_ptr<CandidateFinder> hyperscan_finder(const PatternSet& patterns, const HyperscanParts& parts);

}  // namespace uhost::kb
