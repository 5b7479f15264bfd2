#include "api/kb/hit_finder.hpp"

#include <algorithm>
#include <utility>

#include "host/core/error.hpp"

namespace uhost::kb {
namespace {

// So often an expression is tried before it is turned into machine code.
constexpr unsigned few_times = 200;

// Adds what the match captured, numbered on from what the hit has.
void add_captures(Hit& hit, const re::Matcher& matcher, std::string_view line) {
    const auto& regex = matcher.regex();
    for (unsigned group = 1; group <= regex.groups(); ++group) {
        const auto span = matcher.group(group);
        if (!span) continue;
        const auto name = std::ranges::find(regex.names(), group, &re::Regex::Name::group);
        hit.captures.push_back({hit.groups + group, name == regex.names().end() ? std::string() : name->name,
                                std::string(span->of(line))});
    }
    hit.groups += regex.groups();
}

}  // namespace

HitFinder::HitFinder(const PatternSet& patterns)
    : patterns_(patterns),
      matchers_(patterns.expressions().size()),
      refusing_(patterns.refusing_count()),
      begun_(patterns.patterns().size()),
      keeper_(patterns),
      limited_(patterns.patterns().size()) {}

void HitFinder::look(const Block& block, std::vector<Candidate>& candidates, bool last_block) {
    const auto order = [](const Candidate& candidate) { return std::pair(candidate.offset, candidate.expression); };
    for (auto& candidate : candidates) candidate.offset = block.number_at(candidate.offset);
    std::ranges::sort(candidates, {}, order);
    const auto repeated = std::ranges::unique(candidates, {}, order);
    candidates.erase(repeated.begin(), repeated.end());
    for (const auto& [number, expression] : candidates) look_at_line(expression, number, block.line(number));
    settle(block, last_block);
}

// The match of an expression in a line, until the next is looked for; null when there is none.
re::Matcher* HitFinder::match(Matchers& matchers, std::uint32_t number, const Expression& expression,
                              std::uint32_t pattern, std::string_view line) {
    auto& [own, times] = matchers[number];
    if (times++ == few_times) own = std::make_unique<re::Matcher>(expression.regex(re::Regex::Use::often));
    // Matching without machine code leaves much memory with the matcher, so that it is not kept.
    if (!own) passing_ = std::make_unique<re::Matcher>(expression.regex(re::Regex::Use::rarely));
    auto* matcher = own ? own.get() : passing_.get();
    try {
        return matcher->find(line) ? matcher : nullptr;
    } catch (const Error& error) {
        if (error.kind() != "re.limit") throw;
        ++limited_[pattern];
        return nullptr;
    }
}

void HitFinder::look_at_line(std::uint32_t expression, std::uint64_t number, std::string_view line) {
    const auto [pattern, position] = patterns_.element(expression);
    if (position > 0) return go_on(expression, number, line);
    const auto* found = match(matchers_, expression, *patterns_.expressions()[expression], pattern, line);
    if (found == nullptr) return;
    if (std::exchange(last_matched_, number) != number) ++lines_matched_;
    Hit hit{pattern, number, number, found->whole().begin + 1, std::string(line), {}, {}};
    add_captures(hit, *found, line);
    begin(pattern, std::move(hit));
}

void HitFinder::begin(std::uint32_t pattern, Hit hit) {
    const auto elements = patterns_.patterns()[pattern].elements;
    if (elements == 1) return complete(std::move(hit));
    auto& begun = begun_[pattern];
    begun.resize(elements - 1);
    begun.front() = std::move(hit);
}

// The element may follow what was begun. Of several beginnings the latest counts: what can still become a hit from an
// earlier one can from it.
void HitFinder::go_on(std::uint32_t expression, std::uint64_t number, std::string_view line) {
    const auto [pattern, position] = patterns_.element(expression);
    auto& begun = begun_[pattern];
    if (begun.empty() || !begun[position - 1]) return;
    const auto& before = *begun[position - 1];
    if (before.last_line >= number) return;
    if (number - before.line_number > patterns_.patterns()[pattern].within) {
        begun[position - 1].reset();
        return;
    }
    const bool is_last = position == begun.size();
    if (!is_last && begun[position] && begun[position]->line_number == before.line_number) return;
    const auto* found = match(matchers_, expression, *patterns_.expressions()[expression], pattern, line);
    if (found == nullptr) return;
    Hit hit = before;
    hit.last_line = number;
    hit.last_text = line;
    add_captures(hit, *found, line);
    if (!is_last) {
        begun[position] = std::move(hit);
        return;
    }
    for (auto& other : begun) {
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
void HitFinder::settle(const Block& block, bool last_block) {
    std::deque<Hit> still;
    for (auto& hit : waiting_) {
        if (!last_block && hit.last_line + PatternSet::near > block.last_number()) {
            still.push_back(std::move(hit));
        } else if (!is_refused(block, hit)) {
            keeper_.add(std::move(hit));
        }
    }
    waiting_.swap(still);
}

bool HitFinder::is_refused(const Block& block, const Hit& hit) {
    const auto first = std::max(block.first_number() + PatternSet::near, hit.line_number) - PatternSet::near;
    const auto last = std::min(hit.last_line + PatternSet::near, block.last_number());
    for (const auto number : patterns_.patterns()[hit.pattern].unless) {
        for (auto at = first; at <= last; ++at) {
            if (match(refusing_, number, patterns_.refusing(number), hit.pattern, block.line(at)) != nullptr)
                return true;
        }
    }
    return false;
}

void HitFinder::give(ScanResult& result) {
    keeper_.give(result);
    result.limited = std::move(limited_);
    result.lines_matched = lines_matched_;
}

}  // namespace uhost::kb
