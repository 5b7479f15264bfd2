#include "api/kb/matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "api/kb/database_cache.hpp"
#include "api/kb/scan.hpp"
#include "host/core/version.hpp"

namespace uhost::kb {

// Compiling -----------------------------------------------------------------------------------------------------------

namespace {

// To be raised when the same patterns are to be compiled in another way.
constexpr int form = 3;

std::string key_of(std::string_view packed_sources) {
    return DatabaseCache::key_of(fmt::format("{} {}\n", form, version).append(packed_sources));
}

std::optional<SearchPlan> read_plan(PackReader& reader) {
    auto plan = SearchPlan::unpack(reader);
    if (!reader.ok() || !reader.at_end()) return std::nullopt;
    return plan;
}

std::optional<SearchPlan> kept_plan(const DatabaseCache& cache, const std::string& key) {
    const auto kept = cache.read(key);
    if (!kept) return std::nullopt;
    PackReader reader(kept->content());
    unpack_sources(reader);
    return read_plan(reader);
}

SearchPlan plan_of_all(const PatternSet& patterns) {
    SearchPlan plan;
    plan.always.resize(patterns.expressions().size());
    std::iota(plan.always.begin(), plan.always.end(), 0U);
    plan.starts.finish();
    plan.shapes.finish();
    plan.texts.finish();
    return plan;
}

}  // namespace

Matcher::Matcher(std::string key, const std::vector<PatternSource>& sources, SearchPlan plan)
    : key_(std::move(key)), patterns_(sources), plan_(std::move(plan)), cached_(true) {}

Matcher::Matcher(const std::vector<PatternSource>& sources, const std::filesystem::path& cache, Engine engine)
    : engine_(engine), patterns_(sources) {
    PackWriter writer;
    pack_sources(sources, writer);
    auto packed = writer.take();
    key_ = key_of(packed);
    const DatabaseCache folder(cache);
    if (engine == Engine::automaton && !cache.empty()) {
        if (auto plan = kept_plan(folder, key_)) {
            plan_ = std::move(*plan);
            cached_ = true;
            return;
        }
    }
    patterns_.check();
    if (engine == Engine::pcre2) {
        plan_ = plan_of_all(patterns_);
        return;
    }
    plan_ = SearchPlan::make(patterns_);
    if (cache.empty()) return;
    plan_.pack(writer);
    folder.write(key_, packed.append(writer.take()));
}

std::shared_ptr<Matcher> Matcher::kept(const std::filesystem::path& cache, const std::string& key) {
    const auto kept = DatabaseCache(cache).read(key);
    if (!kept) return nullptr;
    PackReader reader(kept->content());
    const auto sources = unpack_sources(reader);
    auto plan = read_plan(reader);
    if (!plan) return nullptr;
    return std::shared_ptr<Matcher>(new Matcher(key, sources, std::move(*plan)));
}

// Scanning ------------------------------------------------------------------------------------------------------------

ScanResult Matcher::scan(log_text::Log& log, std::uint64_t from, std::uint64_t to, const std::stop_token& stop) const {
    ScanResult result;
    from = std::max<std::uint64_t>(from, 1);
    if (from > 1) log.make_index(stop);
    const bool begins_inside = from == 1 || from <= log.lines().value_or(0);
    log_text::BlockReader reader(log.file(), from > 1 && begins_inside ? log.offset_of(from) : 0, from,
                                 begins_inside ? to : 0);
    Scan(patterns_, plan_, reader, from, stop).run(result);
    result.lines = reader.lines();
    result.bytes = reader.bytes();
    result.markers = std::move(reader.markers());
    if (from == 1 && reader.at_end()) log.set_index(std::move(reader.index()));
    return result;
}

}  // namespace uhost::kb
