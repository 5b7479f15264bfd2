#ifdef UHOST_HYPERSCAN

#include <fmt/format.h>
#include <hs.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "api/kb/hyperscan.hpp"
#include "api/kb/hyperscan_database.hpp"
#include "api/kb/search_plan.hpp"
#include "api/re/rewrite.hpp"

namespace uhost::kb {
namespace {

// A longer pattern is left to PCRE2: how long compiling takes grows faster than the pattern.
constexpr std::size_t longest_shape = 8192;

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
// for one whose anchors or line ends cannot be told for sure, or that may match the empty text.
std::optional<HyperscanForm> shape_of(const Expression& expression, unsigned id) {
    if (expression.flags().extended) return std::nullopt;  // the library has no such flag
    const auto pattern = re::line_pattern(expression.text(), expression.flags());
    if (!pattern || pattern->size() > longest_shape || pattern->find('\0') != std::string::npos) return std::nullopt;
    unsigned flags = HS_FLAG_MULTILINE | HS_FLAG_PREFILTER;
    if (expression.flags().caseless) flags |= HS_FLAG_CASELESS;
    if (!expression.flags().bytes) flags |= HS_FLAG_UTF8;
    HyperscanForm form{re::wide_pattern(*pattern, expression.flags()), flags, id};
    if (may_be_empty(form)) return std::nullopt;
    return form;
}

// Numbers and texts one after the other, each with its size before it.
class Writer {
public:
    void number(std::uint32_t value) { text_.append(reinterpret_cast<const char*>(&value), sizeof value); }
    void numbers(const std::vector<std::uint32_t>& values) {
        number(static_cast<std::uint32_t>(values.size()));
        text_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(std::uint32_t));
    }
    void database(const HyperscanDatabase* database) {
        const auto bytes = database != nullptr ? database->serialize() : std::string();
        number(static_cast<std::uint32_t>(bytes.size()));
        text_ += bytes;
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

// Nothing is read, and ok() is false, from where the text is not as it was written.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool ok() const { return ok_; }
    bool at_end() const { return rest_.empty(); }
    std::uint32_t number() {
        std::uint32_t value = 0;
        const auto bytes = take(sizeof value);
        if (ok_) std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    /// Numbers below `limit`.
    std::vector<std::uint32_t> numbers(std::size_t limit) {
        const auto bytes = take(std::size_t{number()} * sizeof(std::uint32_t));
        std::vector<std::uint32_t> values(bytes.size() / sizeof(std::uint32_t));
        if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
        ok_ = ok_ && std::ranges::all_of(values, [&](auto value) { return value < limit; });
        return values;
    }
    std::shared_ptr<const HyperscanDatabase> database() {
        const auto bytes = take(number());
        if (bytes.empty()) return nullptr;
        auto restored = HyperscanDatabase::restore(bytes);
        ok_ = ok_ && restored != nullptr;
        return restored;
    }

private:
    std::string_view take(std::size_t size) {
        ok_ = ok_ && size <= rest_.size();
        if (!ok_) return {};
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace

bool HyperscanSearch::is_available() { return hs_valid_platform() == HS_SUCCESS; }

std::string HyperscanSearch::platform() {
    hs_platform_info_t info{};
    if (hs_populate_platform(&info) != HS_SUCCESS) return {};
    return fmt::format("{} {} {}", hs_version(), info.tune, info.cpu_features);
}

std::shared_ptr<const HyperscanSearch> HyperscanSearch::compile(const PatternSet& patterns) {
    auto plan = plan_search(patterns);
    auto search = std::make_shared<HyperscanSearch>();
    std::vector<HyperscanForm> literals, shapes;
    for (unsigned id = 0; id < plan.literals.size(); ++id) literals.push_back(form_of(plan.literals[id], id));
    for (const auto number : plan.without) {
        if (auto shape = shape_of(*patterns.expressions()[number], number)) {
            shapes.push_back(std::move(*shape));
        } else {
            search->left_out.push_back(number);
        }
    }
    std::vector<unsigned> refused;
    search->literals = HyperscanDatabase::compile(std::move(literals), refused);
    for (const auto id : refused) {
        search->left_out.insert(search->left_out.end(), plan.expressions[id].begin(), plan.expressions[id].end());
    }
    search->expressions = std::move(plan.expressions);
    search->shapes = HyperscanDatabase::compile(std::move(shapes), search->left_out);
    std::ranges::sort(search->left_out);
    const auto repeated = std::ranges::unique(search->left_out);
    search->left_out.erase(repeated.begin(), repeated.end());
    return search;
}

std::string HyperscanSearch::serialize() const {
    Writer writer;
    writer.number(static_cast<std::uint32_t>(expressions.size()));
    for (const auto& numbers : expressions) writer.numbers(numbers);
    writer.numbers(left_out);
    writer.database(literals.get());
    writer.database(shapes.get());
    return writer.take();
}

std::shared_ptr<const HyperscanSearch> HyperscanSearch::restore(std::string_view serialized,
                                                                const PatternSet& patterns) {
    const auto all = patterns.expressions().size();
    auto search = std::make_shared<HyperscanSearch>();
    Reader reader(serialized);
    for (auto count = reader.number(); count > 0 && reader.ok(); --count) {
        search->expressions.push_back(reader.numbers(all));
    }
    search->left_out = reader.numbers(all);
    search->literals = reader.database();
    search->shapes = reader.database();
    if (!reader.ok() || !reader.at_end()) return nullptr;
    return search;
}

}  // namespace uhost::kb

#endif
