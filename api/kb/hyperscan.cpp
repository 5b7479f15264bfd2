#include "api/kb/hyperscan.hpp"

#ifdef UHOST_HYPERSCAN

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "api/kb/hyperscan_database.hpp"
#include "api/kb/packed.hpp"
#include "api/re/rewrite.hpp"

namespace uhost::kb {

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

HyperscanForm form_of(const Literal& literal, unsigned id) {
    std::string pattern;
    for (const char c : literal.text) pattern += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    return {std::move(pattern), literal.caseless ? unsigned{HS_FLAG_CASELESS} : 0U, id};
}

// Also for what the library does not take.
bool may_be_empty(const HyperscanForm& form) {
    hs_expr_info_t* raw_info = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto code = hs_expression_info(form.pattern.c_str(), form.flags, &raw_info, &error);
    const std::unique_ptr<hs_expr_info_t, decltype(&std::free)> info(raw_info, &std::free);
    hs_free_compile_error(error);
    return code != HS_SUCCESS || info->min_width == 0;
}

// How an expression is searched for in a text of many lines, so that each line it matches by itself is found. Nothing
// for one whose anchors or line ends are uncertain, or that may match the empty text.
std::optional<HyperscanForm> shape_of(const Expression& expression, unsigned id) {
    if (expression.flags().extended) return std::nullopt;  // the library has no such flag
    const auto pattern = re::line_pattern(expression.text(), expression.flags());
    const bool fits = pattern && size_of(*pattern) <= max_shape && pattern->find('\0') == std::string::npos;
    if (!fits) return std::nullopt;
    unsigned flags = HS_FLAG_MULTILINE | HS_FLAG_PREFILTER;
    if (expression.flags().caseless) flags |= HS_FLAG_CASELESS;
    if (!expression.flags().bytes) flags |= HS_FLAG_UTF8;
    HyperscanForm form{re::wide_pattern(*pattern, expression.flags()), flags, id};
    if (may_be_empty(form)) return std::nullopt;
    return form;
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
    std::vector<HyperscanForm> literals, shapes;
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
std::unique_ptr<CandidateFinder> hyperscan_finder(const PatternSet& patterns, const HyperscanParts&) {
    return literal_finder(patterns);
}

}  // namespace uhost::kb

#endif
