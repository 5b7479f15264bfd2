#include "api/kb/matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <numeric>
#include <unordered_set>

#include "api/kb/file_cache.hpp"
#include "api/kb/hit_finder.hpp"
#include "api/kb/packed.hpp"
#include "api/kb/piece.hpp"
#include "host/core/error.hpp"
#include "host/core/version.hpp"

namespace uhost::kb {

// Compiling -----------------------------------------------------------------------------------------------------------
//
// A database of all patterns takes seconds to compile, so that it is kept. When some patterns were edited, the database
// from before still serves for the others, and one of those that it does not have is compiled beside it.

namespace {

// Beside one of more, the two would take longer to search than one of all takes to compile, in the long run.
constexpr std::size_t max_changes = 400;
constexpr std::size_t max_databases = 32;
constexpr std::size_t max_idle = 4;

using Fingerprints = std::unordered_set<std::uint64_t>;

std::vector<std::uint32_t> all_expressions(const PatternSet& patterns) {
    std::vector<std::uint32_t> numbers(patterns.expressions().size());
    std::iota(numbers.begin(), numbers.end(), 0U);
    return numbers;
}

std::string environment() {
    constexpr int form = 3;  // to be raised when the same patterns are to be compiled in another way
    return fmt::format("{} {} {}", form, version, hyperscan_platform());
}

// All that a compiled part is made from.
std::string key_of(const PatternSet& patterns, std::span<const std::uint32_t> expressions) {
    Packer content;
    content.text(environment());
    for (const auto number : expressions) content.number(patterns.expressions()[number]->fingerprint());
    content.text("unless");
    for (std::uint32_t number = 0; number < patterns.refusing_count(); ++number) {
        content.number(patterns.refusing(number).fingerprint());
    }
    return FileCache::key_of(content.take());
}

// The name under which the key of the last database of many patterns is kept.
std::string latest_key() { return FileCache::key_of("latest " + environment()); }

std::shared_ptr<const HyperscanPart> read_part(const FileCache& cache, const std::string& key) {
    const auto kept = cache.read(key);
    return kept ? HyperscanPart::restore(kept->parts().front()) : nullptr;
}

std::shared_ptr<const HyperscanPart> read_latest(const FileCache& cache) {
    const auto key = cache.read(latest_key());
    return key ? read_part(cache, std::string(key->parts().front())) : nullptr;
}

}  // namespace

Matcher::Matcher(const std::vector<PatternSource>& sources, const Options& options) : patterns_(sources) {
    if (options.engine == Engine::hyperscan && !has_hyperscan()) {
        throw Error("kb.engine", "Hyperscan is not there: this uhost was built without it, or the processor is too old")
            .hint("engine = \"auto\" takes what is there");
    }
    if (options.engine == Engine::pcre2 || !has_hyperscan()) {
        patterns_.check([](const Expression&) { return false; });
    } else if (options.cache.empty()) {
        compile_all();
    } else {
        compile_cached(FileCache(options.cache, max_databases, options.shipped));
    }
}

void Matcher::compile_all() {
    patterns_.check([](const Expression&) { return false; });
    parts_ = {HyperscanPart::compile(patterns_, all_expressions(patterns_))};
}

void Matcher::compile_cached(const FileCache& cache) {
    const auto key = key_of(patterns_, all_expressions(patterns_));
    if (auto whole = read_part(cache, key)) {
        parts_ = {std::move(whole)};
        cached_ = true;
        return;
    }
    const auto latest = read_latest(cache);
    if (latest && compile_changes(cache, latest)) return;
    compile_all();
    cache.write(key, {parts_.front()->serialize()});
    // A few patterns that are looked for now and then are not what others are edited from.
    if (!latest || patterns_.expressions().size() * 2 >= latest->fingerprints.size()) cache.write(latest_key(), {key});
}

// Takes an earlier database for the patterns that it has, if these are most of it, and compiles only the others.
bool Matcher::compile_changes(const FileCache& cache, const std::shared_ptr<const HyperscanPart>& base) {
    Fingerprints known(base->fingerprints.begin(), base->fingerprints.end()), shared;
    std::vector<std::uint32_t> missing;
    for (const auto number : all_expressions(patterns_)) {
        const auto fingerprint = patterns_.expressions()[number]->fingerprint();
        if (known.contains(fingerprint)) {
            shared.insert(fingerprint);
        } else {
            missing.push_back(number);
        }
    }
    if (missing.size() > max_changes || shared.size() * 4 < known.size() * 3) return false;
    parts_ = {base};
    cached_ = true;
    const auto key = key_of(patterns_, missing);
    auto changes = missing.empty() ? nullptr : read_part(cache, key);
    if (!changes) {
        // What is in a database was made from patterns that are right.
        known.insert(base->refusing.begin(), base->refusing.end());
        patterns_.check([&](const Expression& expression) { return known.contains(expression.fingerprint()); });
    }
    if (!changes && !missing.empty()) {
        changes = HyperscanPart::compile(patterns_, missing);
        cache.write(key, {changes->serialize()});
        cached_ = false;
    }
    if (changes) parts_.push_back(std::move(changes));
    return true;
}

std::unique_ptr<CandidateFinder> Matcher::take_finder() const {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            auto finder = std::move(idle_.back());
            idle_.pop_back();
            return finder;
        }
    }
    return parts_.empty() ? literal_finder(patterns_) : hyperscan_finder(patterns_, parts_);
}

void Matcher::give_back(std::unique_ptr<CandidateFinder> finder) const {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < max_idle) idle_.push_back(std::move(finder));
}

// Scanning ------------------------------------------------------------------------------------------------------------

namespace {

// While one piece is looked at, the next is read on another thread.
void look_at_all(PieceReader& reader, std::uint64_t first_number, HitFinder& hits) {
    Piece current, next;
    log_text::Block nothing;
    nothing.set_first_number(first_number);
    reader.read(nothing, current);
    while (current.more) {
        auto reading = std::async(std::launch::async, [&] { reader.read(current.block, next); });
        hits.look(current);  // should it fail, what is read is waited for
        reading.get();
        std::swap(current, next);
    }
    hits.look(current);
}

}  // namespace

ScanResult Matcher::scan(log_text::Log& log, std::uint64_t from, std::uint64_t to, const std::stop_token& stop,
                         const ScanLimits& limits) const {
    ScanResult result;
    from = std::max<std::uint64_t>(from, 1);
    if (from > 1) log.make_index(stop);
    const bool begins_inside = from == 1 || from <= log.lines().value_or(0);
    log_text::BlockReader reader(log.file(), from > 1 && begins_inside ? log.offset_of(from) : 0, from,
                                 begins_inside ? to : 0);
    HitFinder hits(patterns_, limits);
    auto finder = take_finder();
    finder->begin(limits);
    PieceReader pieces(reader, *finder, patterns_.lines_looked_back(), stop);
    look_at_all(pieces, from, hits);
    give_back(std::move(finder));
    result.lines = reader.lines();
    result.bytes = reader.bytes();
    result.markers = std::move(reader.markers());
    hits.finish(result);
    if (from == 1 && reader.at_end()) log.set_index(std::move(reader.index()));
    return result;
}

}  // namespace uhost::kb
