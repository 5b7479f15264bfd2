// In place of Hyperscan, where uhost is built without it.
#ifndef UHOST_HYPERSCAN

#include "api/kb/hyperscan.hpp"

namespace uhost::kb {

bool HyperscanSearch::is_available() { return false; }
std::string HyperscanSearch::platform() { return {}; }
std::shared_ptr<const HyperscanSearch> HyperscanSearch::compile(const PatternSet&) { return nullptr; }
std::shared_ptr<const HyperscanSearch> HyperscanSearch::restore(std::string_view, const PatternSet&) { return nullptr; }
std::string HyperscanSearch::serialize() const { return {}; }

std::unique_ptr<CandidateFinder> hyperscan_finder(const PatternSet& patterns,
                                                  std::shared_ptr<const HyperscanSearch> search) {
    return pcre2_finder(patterns, search->left_out);
}

}  // namespace uhost::kb

#endif
