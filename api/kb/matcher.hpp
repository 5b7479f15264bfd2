#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "api/kb/hit.hpp"
#include "api/kb/pattern.hpp"
#include "api/kb/search_plan.hpp"
#include "api/log_text/log.hpp"

namespace uhost::kb {

/// Patterns that are looked for together. Immutable: any number of scans may run at a time, each on a thread of its
/// own.
class Matcher {
public:
    enum class Engine {
        automaton,  ///< tries a pattern on those lines that may match
        pcre2       ///< tries every pattern on every line: slow, to hold the other against
    };

    /// Throws `kb.pattern`. `cache` is a folder for compiled patterns; empty for none.
    explicit Matcher(const std::vector<PatternSource>& sources, const std::filesystem::path& cache = {},
                     Engine engine = Engine::automaton);
    /// What was compiled before, by its key(); null when the folder has no such thing.
    static std::shared_ptr<Matcher> kept(const std::filesystem::path& cache, const std::string& key);

    const char* engine() const { return engine_ == Engine::automaton ? "automaton" : "pcre2"; }
    /// Whether it was compiled before.
    bool cached() const { return cached_; }
    /// A hash of all that it is made from.
    const std::string& key() const { return key_; }
    std::size_t size() const { return patterns_.patterns().size(); }

    /// Looks at the lines from `from` to `to` (from 1, both included). A whole scan gives the log its index. Memory
    /// does not grow with the log. Throws `log_text.read`, and `cancelled` when `stop` is requested.
    ScanResult scan(log_text::Log& log, std::uint64_t from, std::uint64_t to, const std::stop_token& stop) const;

private:
    Matcher(std::string key, const std::vector<PatternSource>& sources, SearchPlan plan);

    Engine engine_ = Engine::automaton;
    std::string key_;
    PatternSet patterns_;
    SearchPlan plan_;
    bool cached_ = false;
};

}  // namespace uhost::kb
