#include "api/logs/line_finder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>

#include "api/kb/required_literals.hpp"
#include "api/re/pattern_tree.hpp"

namespace uhost::logs {
namespace {

kb::PatternSource source_of(const std::string& pattern, const re::Flags& flags) {
    kb::PatternSource source;
    source.match = {pattern};
    source.flags = flags.letters();
    return source;
}

// The places of a pattern where it has any digit, or one of some: filters take all digits for the same.
void find_digits(const re::PatternNode& node, std::vector<re::Span>& places) {
    if (node.kind == re::PatternNode::Kind::set && node.plain_ascii && !node.character) {
        bool has_other = false, has_digit = false;
        for (unsigned code = 0; code < 128; ++code) {
            const bool is_digit = code >= '0' && code <= '9';
            (is_digit ? has_digit : has_other) |= static_cast<bool>(node.set.ascii[code]);
        }
        if (has_digit && !has_other) places.push_back(node.span);
    }
    for (const auto& item : node.items) find_digits(item, places);
}

// A pattern that matches what the given one does when each digit is a zero.
std::string with_zeros(const std::string& pattern, const re::Flags& flags) {
    const auto tree = re::parse_pattern(pattern, flags);
    if (!tree) return pattern;
    std::vector<re::Span> places;
    find_digits(tree->root, places);
    std::ranges::sort(places, std::greater{}, &re::Span::begin);
    auto result = pattern;
    for (const auto& place : places) result.replace(place.begin, place.size(), "0");
    return result;
}

}  // namespace

// Whether the pattern is just a text that Hyperscan looks for as it is.
bool is_plain_text(const std::string& pattern, const re::Flags& flags) {
    constexpr std::size_t max_text = 40;  // of a longer one, only a part is looked for
    constexpr std::string_view special = "\\^$.[|()?*+{#";
    const bool is_ascii = std::ranges::all_of(pattern, [](char c) { return c >= ' ' && c <= '~'; });
    return is_ascii && pattern.size() >= kb::shortest_literal && pattern.size() <= max_text &&
           pattern.find_first_of(special) == pattern.npos && !flags.caseless && !flags.extended;
}

LinePattern::LinePattern(const std::string& pattern, const re::Flags& flags)
    : set_({source_of(pattern, flags)}),
      regex_(re::Regex::get(pattern, flags)),
      folds_(!kb::expressions_that_fold(set_).empty()) {
    constexpr std::array<std::uint32_t, 1> only{0};
    if (kb::has_hyperscan()) parts_.push_back(kb::HyperscanPart::compile(set_, only));
    is_text_ = is_plain_text(pattern, flags) && kb::has_hyperscan();
    auto required = kb::required_literals(with_zeros(pattern, flags), flags);
    if (!required) required = kb::required_literals(pattern, flags);
    if (!required) return;
    for (const auto& literal : *required) grams_.push_back(grams_of(literal.text));
}

bool LinePattern::may_match(std::string_view filter, bool folds) const {
    if (grams_.empty() || (folds && folds_)) return true;
    return std::ranges::any_of(grams_, [&](const auto& grams) { return may_have(filter, grams); });
}

LineFinder::LineFinder(const LinePattern& pattern)
    : is_text_(pattern.is_text_),
      matcher_(pattern.regex_),
      finder_(pattern.parts_.empty() ? kb::literal_finder(pattern.set_)
                                     : kb::hyperscan_finder(pattern.set_, pattern.parts_)) {}

const std::vector<re::Span>& LineFinder::find(std::string_view text) {
    lines_.clear();
    candidates_.clear();
    if (text.empty()) return lines_;
    finder_->find(text.substr(0, text.size() - 1), candidates_);
    if (!std::ranges::is_sorted(candidates_, {}, &kb::Candidate::offset)) {
        std::ranges::sort(candidates_, {}, &kb::Candidate::offset);
    }
    std::size_t searched = 0;  // lines before this have been tried
    for (const auto& candidate : candidates_) {
        if (candidate.offset < searched || candidate.offset >= text.size()) continue;
        const auto* before = ::memrchr(text.data() + searched, '\n', candidate.offset - searched);
        const auto begin =
            before == nullptr ? searched : static_cast<std::size_t>(static_cast<const char*>(before) - text.data()) + 1;
        const auto end = text.find('\n', candidate.offset);
        if (is_text_ || matcher_.find(text.substr(begin, end - begin))) lines_.push_back({begin, end});
        searched = end + 1;
    }
    return lines_;
}

re::Span LineFinder::match_in(std::string_view line) { return matcher_.find(line) ? matcher_.whole() : re::Span{0, 0}; }

}  // namespace uhost::logs
