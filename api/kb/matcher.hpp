#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "api/kb/candidates.hpp"
#include "api/kb/hit.hpp"
#include "api/kb/hyperscan.hpp"
#include "api/kb/log.hpp"
#include "api/kb/pattern.hpp"

namespace uhost::kb {

enum class Engine { best, hyperscan, pcre2 };

/// Patterns that are looked for together. Immutable: any number of scans may run at a time, each on a thread of its
/// own.
class Matcher {
public:
    struct Options {
        Engine engine = Engine::best;
        std::filesystem::path cache;  ///< a folder for compiled databases; empty for none
    };

    /// Throws `kb.pattern`, and `kb.engine` when Hyperscan is asked for and is not there.
    Matcher(const std::vector<PatternSource>& sources, const Options& options);

    const char* engine() const { return hyperscan_ ? "hyperscan" : "pcre2"; }
    /// Whether the database came from the cache.
    bool cached() const { return cached_; }
    std::size_t size() const { return patterns_.patterns().size(); }

    /// Looks at the lines from `from` to `to` (from 1, both included). A whole scan gives the log its index. Memory
    /// does not grow with the log. Throws `kb.read`, and `cancelled` when `stop` is requested.
    ScanResult scan(Log& log, std::uint64_t from, std::uint64_t to, const std::stop_token& stop) const;

private:
    void compile(const Options& options);
    std::unique_ptr<CandidateFinder> finder() const;

    PatternSet patterns_;
    std::shared_ptr<const HyperscanSearch> hyperscan_;  // null: PCRE2 alone
    bool cached_ = false;
};

}  // namespace uhost::kb
