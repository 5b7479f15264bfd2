#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "api/kb/hit.hpp"
#include "api/kb/hyperscan.hpp"
#include "api/kb/pattern.hpp"
#include "api/kb/step_budget.hpp"
#include "api/log_text/log.hpp"

namespace uhost::kb {

class FileCache;

enum class Engine { best, hyperscan, pcre2 };

/// Patterns that are looked for together. Immutable: any number of scans may run at a time, each on a thread of its
/// own.
class Matcher {
public:
    struct Options {
        Engine engine = Engine::best;
        std::filesystem::path cache;         ///< a folder for compiled databases; empty for none
        std::filesystem::path shipped = {};  ///< a folder of others that are only read; may be empty
    };

    /// Throws `kb.pattern`, and `kb.engine` when Hyperscan is asked for and is not there.
    Matcher(const std::vector<PatternSource>& sources, const Options& options);

    const char* engine() const { return parts_.empty() ? "pcre2" : "hyperscan"; }
    /// Whether all databases came from the cache.
    bool cached() const { return cached_; }
    std::size_t size() const { return patterns_.patterns().size(); }

    /// Looks at the lines from `from` to `to` (from 1, both included). A whole scan gives the log its index. Memory
    /// does not grow with the log, and work does not beyond the limits. Throws `log_text.read`, and `cancelled` when
    /// `stop` is requested.
    ScanResult scan(log_text::Log& log, std::uint64_t from, std::uint64_t to, const std::stop_token& stop,
                    const ScanLimits& limits = {}) const;

private:
    void compile_all();
    void compile_cached(const FileCache& cache);
    bool compile_changes(const FileCache& cache, const std::shared_ptr<const HyperscanPart>& base);
    std::unique_ptr<CandidateFinder> take_finder() const;
    void give_back(std::unique_ptr<CandidateFinder> finder) const;

    PatternSet patterns_;
    HyperscanParts parts_;  // empty: PCRE2 alone
    bool cached_ = false;
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<CandidateFinder>> idle_;  // from scans that ended
};

}  // namespace uhost::kb
