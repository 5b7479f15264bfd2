#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/kb/candidates.hpp"
#include "api/kb/pattern.hpp"

namespace uhost::kb {

class HyperscanDatabase;

/// A PatternSet compiled for Hyperscan (or Vectorscan): one database of the texts that lines must have, and one of the
/// expressions of which no such text is known, in a wider form. What they find are candidates.
/// https://intel.github.io/hyperscan/dev-reference/
struct HyperscanSearch {
    /// Whether this uhost was built with the library and this machine can run it.
    static bool is_available();
    /// What a compiled search depends on beside its patterns: the library and the processor.
    static std::string platform();

    static std::shared_ptr<const HyperscanSearch> compile(const PatternSet& patterns);
    /// From what serialize() gave; null when it is for other patterns, another library or machine, or damaged.
    static std::shared_ptr<const HyperscanSearch> restore(std::string_view serialized, const PatternSet& patterns);
    std::string serialize() const;

    std::shared_ptr<const HyperscanDatabase> literals;    ///< null when there are none
    std::vector<std::vector<std::uint32_t>> expressions;  ///< for each literal, the expressions it may stand for
    std::shared_ptr<const HyperscanDatabase> shapes;      ///< null when there are none; reports expressions
    std::vector<std::uint32_t> left_out;                  ///< for PCRE2
};

/// Searches with it, and with PCRE2 for what it leaves out. The patterns must outlive it.
std::unique_ptr<CandidateFinder> hyperscan_finder(const PatternSet& patterns,
                                                  std::shared_ptr<const HyperscanSearch> search);

}  // namespace uhost::kb
