#include "api/kb/matcher.hpp"

#include <fmt/format.h>

#include "api/kb/database_cache.hpp"
#include "host/core/error.hpp"
#include "host/core/version.hpp"

namespace uhost::kb {
namespace {

// All that a compiled search is made from.
std::string content_of(const PatternSet& patterns) {
    constexpr int form = 1;  // to be raised when the same patterns are to be compiled in another way
    auto content = fmt::format("{} {} {}", form, version, HyperscanSearch::platform());
    const auto add = [&](const Expression& expression) {
        content += fmt::format("\n{} {} ", expression.flags().letters(), expression.text().size());
        content += expression.text();
    };
    for (const auto& expression : patterns.expressions()) add(*expression);
    content += "\nunless";
    for (std::uint32_t number = 0; number < patterns.refusing_count(); ++number) add(patterns.refusing(number));
    return content;
}

}  // namespace

Matcher::Matcher(const std::vector<PatternSource>& sources, const Options& options) : patterns_(sources) {
    if (options.engine == Engine::hyperscan && !HyperscanSearch::is_available()) {
        throw Error("kb.engine", "Hyperscan is not there: this uhost was built without it, or the processor is too old")
            .hint("engine = \"auto\" takes what is there");
    }
    if (options.engine == Engine::pcre2 || !HyperscanSearch::is_available()) {
        patterns_.check();
    } else {
        compile(options);
    }
}

// What is in the cache was made from patterns that are known to be right.
void Matcher::compile(const Options& options) {
    if (options.cache.empty()) {
        patterns_.check();
        hyperscan_ = HyperscanSearch::compile(patterns_);
        return;
    }
    const DatabaseCache cache(options.cache);
    const auto key = DatabaseCache::key_of(content_of(patterns_));
    if (const auto kept = cache.read(key)) hyperscan_ = HyperscanSearch::restore(kept->content(), patterns_);
    cached_ = hyperscan_ != nullptr;
    if (cached_) return;
    patterns_.check();
    hyperscan_ = HyperscanSearch::compile(patterns_);
    cache.write(key, hyperscan_->serialize());
}

std::unique_ptr<CandidateFinder> Matcher::finder() const {
    if (hyperscan_) return hyperscan_finder(patterns_, hyperscan_);
    return literal_finder(patterns_);
}

}  // namespace uhost::kb
