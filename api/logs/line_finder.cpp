#include "api/logs/line_finder.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "api/kb/required_literals.hpp"

namespace uhost::logs {
namespace {

kb::PatternSource source_of(const std::string& pattern, const re::Flags& flags) {
    kb::PatternSource source;
    source.match = {pattern};
    source.flags = flags.letters();
    return source;
}

}  // namespace

LinePattern::LinePattern(const std::string& pattern, const re::Flags& flags)
    : set_({source_of(pattern, flags)}),
      regex_(re::Regex::get(pattern, flags)),
      folds_(!kb::expressions_that_fold(set_).empty()) {
    constexpr std::array<std::uint32_t, 1> only{0};
    if (kb::has_hyperscan()) parts_.push_back(kb::HyperscanPart::compile(set_, only));
    const auto required = kb::required_literals(pattern, flags);
    if (!required) return;
    for (const auto& literal : *required) grams_.push_back(grams_of(literal.text));
}

bool LinePattern::may_match(std::string_view filter, bool folds) const {
    if (grams_.empty() || (folds && folds_)) return true;
    return std::ranges::any_of(grams_, [&](const auto& grams) { return may_have(filter, grams); });
}

LineFinder::LineFinder(const LinePattern& pattern)
    : matcher_(pattern.regex_),
      finder_(pattern.parts_.empty() ? kb::literal_finder(pattern.set_, {})
                                     : kb::hyperscan_finder(pattern.set_, pattern.parts_, {})) {}

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
        if (matcher_.find(text.substr(begin, end - begin))) lines_.push_back({begin, end});
        searched = end + 1;
    }
    return lines_;
}

re::Span LineFinder::match_in(std::string_view line) { return matcher_.find(line) ? matcher_.whole() : re::Span{0, 0}; }

}  // namespace uhost::logs
