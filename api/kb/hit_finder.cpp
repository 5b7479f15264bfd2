#include "api/kb/hit_finder.hpp"

#include <algorithm>
#include <utility>

namespace uhost::kb {
namespace {

// Adds what a match captured, numbered on from what the hit has.
void add_captures(Hit& hit, const re::Regex& regex, std::span<const std::optional<re::Span>> groups,
                  std::string_view line) {
    for (unsigned group = 1; group <= regex.groups(); ++group) {
        if (!groups[group]) continue;
        const auto name = std::ranges::find(regex.names(), group, &re::Regex::Name::group);
        hit.captures.push_back({hit.groups + group, name == regex.names().end() ? std::string() : name->name,
                                std::string(groups[group]->of(line))});
    }
    hit.groups += regex.groups();
}

}  // namespace

HitFinder::HitFinder(const PatternSet& patterns, std::span<const std::uint32_t> continuing, const StepBudget& budget)
    : patterns_(patterns),
      continuing_(continuing),
      matcher_(patterns, budget),
      partial_(patterns.patterns().size()),
      keeper_(patterns),
      following_(patterns.expressions().size()),
      limited_(patterns.patterns().size()) {}

void HitFinder::take(const log_text::Block& block, std::uint64_t block_number, std::span<const LineResult* const> found,
                     bool is_last_block) {
    matcher_.begin_block(block_number);
    for (const auto* line : found) {
        for (const auto expression : line->limited) ++limited_[patterns_.element(expression).pattern];
        for (const auto& match : line->matches) ++following_[match.expression];
    }
    auto number = block.first_new_number();
    for (const auto* result : found) take_line(number++, block, *result);
    decide(block, is_last_block);
}

// In the order of expressions: of a sequence, a later element is tried before an earlier one.
void HitFinder::take_line(std::uint64_t number, const log_text::Block& block, const LineResult& result) {
    const auto line = block.line(number);
    auto continuing = continuing_.begin();
    for (const auto& match : result.matches) {
        for (; continuing != continuing_.end() && *continuing < match.expression; ++continuing) {
            advance(*continuing, number, line);
        }
        --following_[match.expression];
        if (patterns_.element(match.expression).position == 0) {
            take_first(number, line, result, match);
        } else {
            advance(match.expression, number, line);
        }
    }
    for (; continuing != continuing_.end(); ++continuing) advance(*continuing, number, line);
}

void HitFinder::take_first(std::uint64_t line_number, std::string_view line, const LineResult& found,
                           const LineMatch& match) {
    const auto number = patterns_.element(match.expression).pattern;
    const auto& pattern = patterns_.patterns()[number];
    if (std::exchange(last_matched_, line_number) != line_number) ++lines_matched_;
    const bool is_alone = pattern.elements == 1 && pattern.unless.empty();
    if (is_alone && keeper_.skip(number, following_[match.expression])) return;
    const auto groups = std::span(found.spans).subspan(match.first_span);
    Hit hit{number, line_number, line_number, groups[0]->begin + 1, std::string(line), {}, {}};
    add_captures(hit, *patterns_.expressions()[match.expression]->regex(re::Regex::Use::rarely), groups, line);
    begin(number, std::move(hit));
}

void HitFinder::begin(std::uint32_t pattern, Hit hit) {
    const auto elements = patterns_.patterns()[pattern].elements;
    if (elements == 1) return complete(std::move(hit));
    auto& partial = partial_[pattern];
    partial.resize(elements - 1);
    partial.front() = std::move(hit);
}

// The element may follow what was partial. Of several beginnings the latest counts: what can still become a hit from an
// earlier one can from it.
void HitFinder::advance(std::uint32_t expression, std::uint64_t number, std::string_view line) {
    const auto [pattern, position] = patterns_.element(expression);
    auto& partial = partial_[pattern];
    if (partial.empty() || !partial[position - 1]) return;
    const auto& before = *partial[position - 1];
    if (before.last_line >= number) return;
    if (number - before.line_number > patterns_.patterns()[pattern].within) {
        partial[position - 1].reset();
        return;
    }
    const bool is_last = position == partial.size();
    if (!is_last && partial[position] && partial[position]->line_number == before.line_number) return;
    bool is_limited = false;
    const auto* found = matcher_.match_one(expression, line, is_limited);
    if (is_limited) ++limited_[pattern];
    if (found == nullptr) return;
    Hit hit = before;
    hit.last_line = number;
    hit.last_text = line;
    add_captures(hit, found->regex(), found->groups(), line);
    if (!is_last) {
        partial[position] = std::move(hit);
        return;
    }
    for (auto& other : partial) {
        if (other && other->line_number <= hit.line_number) other.reset();
    }
    complete(std::move(hit));
}

void HitFinder::complete(Hit hit) {
    if (patterns_.patterns()[hit.pattern].unless.empty()) {
        keeper_.add(std::move(hit));
    } else {
        waiting_.push_back(std::move(hit));
    }
}

// Decides about the hits whose surroundings are known.
void HitFinder::decide(const log_text::Block& block, bool is_last_block) {
    std::deque<Hit> still;
    for (auto& hit : waiting_) {
        if (!is_last_block && hit.last_line + PatternSet::near > block.last_number()) {
            still.push_back(std::move(hit));
        } else if (!is_refused(block, hit)) {
            keeper_.add(std::move(hit));
        }
    }
    waiting_.swap(still);
}

bool HitFinder::is_refused(const log_text::Block& block, const Hit& hit) {
    const auto first = std::max(block.first_number() + PatternSet::near, hit.line_number) - PatternSet::near;
    const auto last = std::min(hit.last_line + PatternSet::near, block.last_number());
    for (const auto number : patterns_.patterns()[hit.pattern].unless) {
        for (auto at = first; at <= last; ++at) {
            bool is_limited = false;
            if (matcher_.match_refusing(number, block.line(at), is_limited) != nullptr) return true;
            if (is_limited) ++limited_[hit.pattern];
        }
    }
    return false;
}

void HitFinder::finish(ScanResult& result) {
    keeper_.finish(result);
    result.limited = std::move(limited_);
    result.lines_matched = lines_matched_;
}

}  // namespace uhost::kb
