#include "api/kb/hyperscan.hpp"

#ifdef UHOST_HYPERSCAN

#include <fmt/format.h>
#include <hs.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iterator>
#include <new>
#include <optional>

#include "api/kb/packed.hpp"
#include "api/kb/trigram_search.hpp"
#include "api/re/rewrite.hpp"
#include "host/core/error.hpp"

namespace uhost::kb {

// Databases -----------------------------------------------------------------------------------------------------------

namespace {

template <auto release>
struct Release {
    void operator()(auto* handle) const { release(handle); }
};
using CompileError = std::unique_ptr<hs_compile_error_t, Release<hs_free_compile_error>>;
using Scratch = std::unique_ptr<hs_scratch_t, Release<hs_free_scratch>>;

/// A pattern as the library takes it.
struct Form {
    std::string pattern;
    unsigned flags;
    unsigned id;  ///< what a match reports
};

/// Which form the library refuses, if it says so.
struct Refusal {
    std::optional<std::size_t> form;
};

std::optional<Refusal> try_compile(const std::vector<Form>& forms, hs_database_t** database) {
    std::vector<const char*> patterns;
    std::vector<unsigned> flags, ids;
    for (const auto& form : forms) {
        patterns.push_back(form.pattern.c_str());
        flags.push_back(form.flags);
        ids.push_back(form.id);
    }
    hs_compile_error_t* raw = nullptr;
    const auto code = hs_compile_multi(patterns.data(), flags.data(), ids.data(), static_cast<unsigned>(forms.size()),
                                       HS_MODE_BLOCK, nullptr, database, &raw);
    const CompileError error(raw);
    if (code == HS_SUCCESS) return std::nullopt;
    if (!error || error->expression < 0) return Refusal{};
    return Refusal{static_cast<std::size_t>(error->expression)};
}

}  // namespace

/// A compiled database for blocks of text.
class HyperscanDatabase {
public:
    /// What the library refuses is left out, and its id added to `refused`. Null when nothing is left.
    static std::shared_ptr<const HyperscanDatabase> compile(std::vector<Form> forms, std::vector<unsigned>& refused) {
        while (!forms.empty()) {
            hs_database_t* database = nullptr;
            const auto refusal = try_compile(forms, &database);
            if (!refusal) return std::shared_ptr<const HyperscanDatabase>(new HyperscanDatabase(database));
            if (!refusal->form) break;
            refused.push_back(forms[*refusal->form].id);
            forms.erase(forms.begin() + static_cast<std::ptrdiff_t>(*refusal->form));
        }
        for (const auto& form : forms) refused.push_back(form.id);
        return nullptr;
    }

    /// Null when it is for another library or machine, or damaged.
    static std::shared_ptr<const HyperscanDatabase> restore(std::string_view serialized) {
        hs_database_t* database = nullptr;
        if (hs_deserialize_database(serialized.data(), serialized.size(), &database) != HS_SUCCESS) return nullptr;
        return std::shared_ptr<const HyperscanDatabase>(new HyperscanDatabase(database));
    }

    std::string serialize() const {
        char* bytes = nullptr;
        std::size_t size = 0;
        if (hs_serialize_database(database_, &bytes, &size) != HS_SUCCESS) throw std::bad_alloc();
        const std::unique_ptr<char, decltype(&std::free)> owned(bytes, &std::free);
        return std::string(bytes, size);
    }

    ~HyperscanDatabase() { hs_free_database(database_); }
    HyperscanDatabase(const HyperscanDatabase&) = delete;
    HyperscanDatabase& operator=(const HyperscanDatabase&) = delete;

    const hs_database_t* handle() const { return database_; }

private:
    explicit HyperscanDatabase(hs_database_t* database) : database_(database) {}
    hs_database_t* database_;
};

// Compiling -----------------------------------------------------------------------------------------------------------

namespace {

// Larger patterns, and what is beyond so much of all, are left to PCRE2: how long compiling takes grows faster than the
// patterns, and nothing ends it.
constexpr std::size_t max_shape = 1024, max_all_shapes = 48 << 10;

// In bytes, where a property of Unicode stands for its many ranges.
std::size_t size_of(std::string_view pattern) {
    constexpr std::size_t property = 1024;
    auto size = pattern.size();
    for (const std::string_view escape : {"\\p", "\\P"}) {
        for (auto at = pattern.find(escape); at != pattern.npos; at = pattern.find(escape, at + 2)) size += property;
    }
    return size;
}

Form form_of(const Literal& literal, unsigned id) {
    std::string pattern;
    for (const char c : literal.text) pattern += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    return {std::move(pattern), literal.caseless ? unsigned{HS_FLAG_CASELESS} : 0U, id};
}

// Also for what the library does not take.
bool may_be_empty(const Form& form) {
    hs_expr_info_t* raw_info = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto code = hs_expression_info(form.pattern.c_str(), form.flags, &raw_info, &error);
    const std::unique_ptr<hs_expr_info_t, decltype(&std::free)> info(raw_info, &std::free);
    hs_free_compile_error(error);
    return code != HS_SUCCESS || info->min_width == 0;
}

// How an expression is searched for in a text of many lines, so that each line it matches by itself is found. Nothing
// for one whose anchors or line ends are uncertain, or that may match the empty text.
std::optional<Form> shape_of(const Expression& expression, unsigned id) {
    if (expression.flags().extended) return std::nullopt;  // the library has no such flag
    const auto pattern = re::line_pattern(expression.text(), expression.flags());
    const bool fits = pattern && size_of(*pattern) <= max_shape && pattern->find('\0') == std::string::npos;
    if (!fits) return std::nullopt;
    unsigned flags = HS_FLAG_MULTILINE | HS_FLAG_PREFILTER;
    if (expression.flags().caseless) flags |= HS_FLAG_CASELESS;
    if (!expression.flags().bytes) flags |= HS_FLAG_UTF8;
    Form form{re::wide_pattern(*pattern, expression.flags()), flags, id};
    if (may_be_empty(form)) return std::nullopt;
    return form;
}

void sort_unique(std::vector<std::uint32_t>& numbers) {
    std::ranges::sort(numbers);
    const auto repeated = std::ranges::unique(numbers);
    numbers.erase(repeated.begin(), repeated.end());
}

}  // namespace

std::shared_ptr<const HyperscanPart> HyperscanPart::compile(const PatternSet& patterns,
                                                            std::span<const std::uint32_t> numbers) {
    auto part = std::make_shared<HyperscanPart>();
    for (const auto number : numbers) part->fingerprints.push_back(patterns.expressions()[number]->fingerprint());
    for (std::uint32_t number = 0; number < patterns.refusing_count(); ++number) {
        part->refusing.push_back(patterns.refusing(number).fingerprint());
    }
    auto plan = plan_search(patterns, numbers);
    std::vector<Form> literals, shapes;
    for (unsigned id = 0; id < plan.literals.size(); ++id) literals.push_back(form_of(plan.literals[id], id));
    std::size_t shapes_size = 0;
    for (const auto place : plan.without) {
        auto shape = shape_of(*patterns.expressions()[numbers[place]], place);
        if (shape) shapes_size += size_of(shape->pattern);
        if (shape && shapes_size <= max_all_shapes) {
            shapes.push_back(std::move(*shape));
        } else {
            part->left_out.push_back(place);
        }
    }
    std::vector<unsigned> refused;
    part->literals = HyperscanDatabase::compile(std::move(literals), refused);
    for (const auto id : refused) {
        part->left_out.insert(part->left_out.end(), plan.expressions[id].begin(), plan.expressions[id].end());
    }
    part->expressions = std::move(plan.expressions);
    part->shapes = HyperscanDatabase::compile(std::move(shapes), part->left_out);
    sort_unique(part->left_out);
    return part;
}

// Keeping -------------------------------------------------------------------------------------------------------------

namespace {

void pack(Packer& packer, const HyperscanDatabase* database) {
    packer.text(database != nullptr ? database->serialize() : std::string());
}

// Null where there was none.
std::shared_ptr<const HyperscanDatabase> unpack(Unpacker& unpacker) {
    const auto bytes = unpacker.text();
    if (bytes.empty()) return nullptr;
    auto restored = HyperscanDatabase::restore(bytes);
    if (!restored) unpacker.refuse();
    return restored;
}

}  // namespace

std::string HyperscanPart::serialize() const {
    Packer packer;
    packer.numbers(fingerprints);
    packer.numbers(refusing);
    packer.size(expressions.size());
    for (const auto& places : expressions) packer.numbers(places);
    packer.numbers(left_out);
    pack(packer, literals.get());
    pack(packer, shapes.get());
    return packer.take();
}

std::shared_ptr<const HyperscanPart> HyperscanPart::restore(std::string_view serialized) {
    auto part = std::make_shared<HyperscanPart>();
    Unpacker unpacker(serialized);
    part->fingerprints = unpacker.numbers<std::uint64_t>();
    part->refusing = unpacker.numbers<std::uint64_t>();
    const auto all = part->fingerprints.size();
    for (auto count = unpacker.number(); count > 0 && unpacker.ok(); --count) {
        part->expressions.push_back(unpacker.places(all));
    }
    part->left_out = unpacker.places(all);
    part->literals = unpack(unpacker);
    part->shapes = unpack(unpacker);
    if (!unpacker.ok() || !unpacker.at_end()) return nullptr;
    return part;
}

bool has_hyperscan() { return hs_valid_platform() == HS_SUCCESS; }

std::string hyperscan_platform() {
    hs_platform_info_t info{};
    if (hs_populate_platform(&info) != HS_SUCCESS) return {};
    return fmt::format("{} {} {}", hs_version(), info.tune, info.cpu_features);
}

// Searching -----------------------------------------------------------------------------------------------------------

namespace {

/// Searches with one database. The library reports every end of every match; one is passed on for each line and id.
class BlockSearch {
public:
    BlockSearch(const hs_database_t* database, std::size_t ids) : database_(database), once_(ids) {
        hs_scratch_t* scratch = nullptr;
        if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) throw std::bad_alloc();
        scratch_.reset(scratch);
    }

    template <class Report>
    void find(std::string_view text, Report report) {
        once_.begin(text);
        Context<Report> context{once_, report, nullptr};
        const auto code = hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_.get(),
                                  on_match<Report>, &context);
        if (context.failure) std::rethrow_exception(context.failure);
        if (code != HS_SUCCESS) throw Error("kb.engine", fmt::format("Hyperscan failed with code {}", code));
    }

private:
    template <class Report>
    struct Context {
        LineOnce& once;
        Report& report;
        std::exception_ptr failure;
    };

    // Called from C, through which nothing may be thrown: a failure ends the scan, and is raised after it.
    template <class Report>
    static int on_match(unsigned id, unsigned long long, unsigned long long to, unsigned, void* raw) noexcept {
        auto& context = *static_cast<Context<Report>*>(raw);
        try {
            const auto end = static_cast<std::size_t>(to);
            if (context.once.is_first(id, end)) context.report(id, end);
            return 0;
        } catch (const std::exception&) {
            context.failure = std::current_exception();
            return 1;
        }
    }

    const hs_database_t* database_;
    Scratch scratch_;
    LineOnce once_;
};

struct Place {
    std::uint64_t fingerprint;
    std::uint32_t number;
};
using Places = std::vector<Place>;

// Where in a set the expressions stand, by fingerprint: several patterns may have the same one.
Places places_of(const PatternSet& patterns) {
    Places places;
    places.reserve(patterns.expressions().size());
    for (std::uint32_t number = 0; number < patterns.expressions().size(); ++number) {
        places.push_back({patterns.expressions()[number]->fingerprint(), number});
    }
    std::ranges::sort(places, {}, [](const Place& place) { return std::pair(place.fingerprint, place.number); });
    return places;
}

class PartFinder {
public:
    PartFinder(std::shared_ptr<const HyperscanPart> part, const Places& places, std::vector<std::uint32_t>& left_out)
        : part_(std::move(part)) {
        for (const auto fingerprint : part_->fingerprints) {
            begins_.push_back(static_cast<std::uint32_t>(numbers_.size()));
            for (const auto& place : std::ranges::equal_range(places, fingerprint, {}, &Place::fingerprint)) {
                numbers_.push_back(place.number);
            }
        }
        begins_.push_back(static_cast<std::uint32_t>(numbers_.size()));
        for (const auto place : part_->left_out) std::ranges::copy(numbers_at(place), std::back_inserter(left_out));
        if (part_->literals) literals_.emplace(part_->literals->handle(), part_->expressions.size());
        if (part_->shapes) shapes_.emplace(part_->shapes->handle(), part_->fingerprints.size());
    }

    void find(std::string_view text, std::vector<Candidate>& found) {
        const auto add = [&](std::uint32_t place, std::size_t end) {
            for (const auto number : numbers_at(place)) found.push_back({end, number});
        };
        if (literals_) {
            literals_->find(text, [&](unsigned id, std::size_t end) {
                for (const auto place : part_->expressions[id]) add(place, end);
            });
        }
        if (shapes_) shapes_->find(text, add);
    }

private:
    // In the set, of an expression of the part.
    std::span<const std::uint32_t> numbers_at(std::uint32_t place) const {
        return std::span(numbers_).subspan(begins_[place], begins_[place + 1] - begins_[place]);
    }

    std::shared_ptr<const HyperscanPart> part_;
    std::vector<std::uint32_t> numbers_, begins_;  // one list after another, and where each begins
    std::optional<BlockSearch> literals_, shapes_;
};

class HyperscanFinder : public CandidateFinder {
public:
    HyperscanFinder(const PatternSet& patterns, const HyperscanParts& parts, const ScanLimits& limits)
        : folding_(expressions_that_fold(patterns)) {
        const auto places = places_of(patterns);
        std::vector<std::uint32_t> left_out;
        for (const auto& part : parts) parts_.push_back(std::make_unique<PartFinder>(part, places, left_out));
        sort_unique(left_out);
        if (!left_out.empty()) rest_ = pcre2_finder(patterns, std::move(left_out), limits);
    }

    void find(std::string_view text, std::vector<Candidate>& found) override {
        for (const auto& part : parts_) part->find(text, found);
        if (rest_) rest_->find(text, found);
        add_folded(text, folding_, found);
    }

private:
    std::vector<std::uint32_t> folding_;
    std::vector<std::unique_ptr<PartFinder>> parts_;
    std::unique_ptr<CandidateFinder> rest_;
};

}  // namespace

std::unique_ptr<CandidateFinder> hyperscan_finder(const PatternSet& patterns, const HyperscanParts& parts,
                                                  const ScanLimits& limits) {
    return std::make_unique<HyperscanFinder>(patterns, parts, limits);
}

}  // namespace uhost::kb

#else

// In place of Hyperscan, where uhost is built without it.
namespace uhost::kb {

bool has_hyperscan() { return false; }
std::string hyperscan_platform() { return {}; }
std::shared_ptr<const HyperscanPart> HyperscanPart::compile(const PatternSet&, std::span<const std::uint32_t>) {
    return nullptr;
}
std::shared_ptr<const HyperscanPart> HyperscanPart::restore(std::string_view) { return nullptr; }
std::string HyperscanPart::serialize() const { return {}; }
std::unique_ptr<CandidateFinder> hyperscan_finder(const PatternSet& patterns, const HyperscanParts&,
                                                  const ScanLimits& limits) {
    return literal_finder(patterns, limits);
}

}  // namespace uhost::kb

#endif
