#include "api/kb/hit_finder.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "host/core/error.hpp"
#include "host/core/utf8.hpp"

namespace uhost::kb {

// Keeping hits --------------------------------------------------------------------------------------------------------

namespace {

constexpr std::size_t max_kept_bytes = 12 << 20;
constexpr std::size_t min_kept = 32;
constexpr std::size_t overhead = 32;  // of an allocation, about
constexpr std::size_t short_line = 400, short_capture = 200;
constexpr std::string_view mark = " …[cut]";

std::size_t bytes_of(const Hit& hit) {
    std::size_t bytes = sizeof(Hit) + hit.line.size() + hit.last_text.size() + 2 * overhead;
    for (const auto& capture : hit.captures) bytes += sizeof(Capture) + capture.text.size() + overhead;
    return bytes;
}

void cut(std::string& text, std::size_t most) {
    if (text.size() <= most) return;
    text.resize(utf8::truncate(text, most).size());
    text += mark;
    text.shrink_to_fit();
}

void cut(Hit& hit) {
    cut(hit.line, short_line);
    cut(hit.last_text, short_line);
    for (auto& capture : hit.captures) cut(capture.text, short_capture);
}

}  // namespace

void HitKeeper::add(Hit hit) {
    auto& kept = kept_[hit.pattern];
    if (bytes_ > max_kept_bytes && max_kept_ > min_kept) keep_fewer();
    const auto limit = std::min(patterns_.patterns()[hit.pattern].keep, max_kept_);
    ++kept.count;
    if (limit == 0) return;
    if (bytes_ > max_kept_bytes) cut(hit);
    bytes_ += bytes_of(hit);
    if (kept.first.size() < limit) {
        kept.first.push_back(std::move(hit));
        return;
    }
    kept.last.push_back(std::move(hit));
    if (kept.last.size() <= limit) return;
    bytes_ -= bytes_of(kept.last.front());
    kept.last.pop_front();
}

// Halves what patterns may keep until it fits, so that those lose hits first that have most.
void HitKeeper::keep_fewer() {
    while (bytes_ > max_kept_bytes && max_kept_ > min_kept) {
        max_kept_ /= 2;
        for (auto& [first, last, count] : kept_) {
            for (; first.size() > max_kept_; first.pop_back()) bytes_ -= bytes_of(first.back());
            for (; last.size() > max_kept_; last.pop_front()) bytes_ -= bytes_of(last.front());
        }
    }
}

void HitKeeper::finish(ScanResult& result) {
    for (auto& kept : kept_) {
        result.counts.push_back(kept.count);
        std::ranges::move(kept.first, std::back_inserter(result.hits));
        std::ranges::move(kept.last, std::back_inserter(result.hits));
    }
    kept_.clear();
    const auto place = [](const Hit& hit) { return std::tuple(hit.line_number, hit.pattern, hit.last_line); };
    std::ranges::sort(result.hits, {}, place);
}

// Finding hits --------------------------------------------------------------------------------------------------------

namespace {

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

HitFinder::HitFinder(const PatternSet& patterns, const ScanLimits& limits)
    : patterns_(patterns),
      lines_(patterns, limits),
      partial_(patterns.patterns().size()),
      keeper_(patterns),
      limited_(patterns.patterns().size()) {}

void HitFinder::look(const Piece& piece) {
    lines_.budget().begin(piece.block.new_bytes());
    if (piece.forgets) {
        left_.clear();
        left_begins_.clear();
    }
    const auto& candidates = in_order(piece);
    auto next = candidates.begin();
    auto repeated = piece.repeated.begin();
    for (std::size_t place = 0; place < piece.searched.size(); ++place) {
        for (; repeated != piece.repeated.end() && repeated->number < piece.searched[place].number; ++repeated) {
            look_at_repeated(piece, *repeated);
        }
        const auto first = next;
        while (next != candidates.end() && *next >> 32U == place) ++next;
        look_at_searched(piece, place, {first, next});
    }
    for (; repeated != piece.repeated.end(); ++repeated) look_at_repeated(piece, *repeated);
    decide(piece.block, !piece.more);
    lines_.budget().end();
}

// The candidates by line, then by expression, each once: the place of the line in the upper half of a number, and the
// expression in the lower.
const std::vector<std::uint64_t>& HitFinder::in_order(const Piece& piece) {
    ordered_.clear();
    std::size_t place = 0;
    for (const auto& [offset, expression] : piece.found) {
        // Most come in order.
        const bool is_same = offset <= piece.ends[place] && (place == 0 || offset > piece.ends[place - 1]);
        if (!is_same) {
            place = static_cast<std::size_t>(std::ranges::lower_bound(piece.ends, offset) - piece.ends.begin());
        }
        ordered_.push_back(std::uint64_t{place} << 32U | expression);
    }
    std::ranges::sort(ordered_);
    const auto repeated = std::ranges::unique(ordered_);
    ordered_.erase(repeated.begin(), repeated.end());
    return ordered_;
}

void HitFinder::look_at_searched(const Piece& piece, std::size_t place, std::span<const std::uint64_t> candidates) {
    const auto number = piece.searched[place].number;
    left_begins_.push_back(static_cast<std::uint32_t>(left_.size()));
    for (const auto candidate : candidates) {
        const auto expression = static_cast<std::uint32_t>(candidate);
        if (look_at_line(expression, number, piece.block.line(number)) != Look::no) left_.push_back(expression);
    }
}

// What the first line with this text does not match, this one does not either.
void HitFinder::look_at_repeated(const Piece& piece, const Piece::Line& line) {
    const auto begin = left_begins_[line.memo];
    const auto end = line.memo + 1 < left_begins_.size() ? left_begins_[line.memo + 1] : left_.size();
    for (auto at = begin; at < end; ++at) look_at_line(left_[at], line.number, piece.block.line(line.number));
}

// Whether an expression, or one that refuses, matches a line; the match is in found_ until the next is looked for.
HitFinder::Look HitFinder::match(std::uint32_t expression, std::uint32_t pattern, std::string_view line) {
    bool is_limited = false;
    found_ = lines_.match(expression, line, is_limited);
    if (is_limited) ++limited_[pattern];
    return is_limited ? Look::unknown : found_ != nullptr ? Look::yes : Look::no;
}

HitFinder::Look HitFinder::look_at_line(std::uint32_t expression, std::uint64_t number, std::string_view line) {
    const auto [pattern, position] = patterns_.element(expression);
    if (position > 0) return advance(expression, number, line);
    const auto look = match(expression, pattern, line);
    if (look != Look::yes) return look;
    if (std::exchange(last_matched_, number) != number) ++lines_matched_;
    Hit hit{pattern, number, number, found_->whole().begin + 1, std::string(line), {}, {}};
    add_captures(hit, *found_, line);
    begin(pattern, std::move(hit));
    return look;
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
HitFinder::Look HitFinder::advance(std::uint32_t expression, std::uint64_t number, std::string_view line) {
    const auto [pattern, position] = patterns_.element(expression);
    auto& partial = partial_[pattern];
    if (partial.empty() || !partial[position - 1]) return Look::unknown;
    const auto& before = *partial[position - 1];
    if (before.last_line >= number) return Look::unknown;
    if (number - before.line_number > patterns_.patterns()[pattern].within) {
        partial[position - 1].reset();
        return Look::unknown;
    }
    const bool is_last = position == partial.size();
    const bool is_there = !is_last && partial[position] && partial[position]->line_number == before.line_number;
    if (is_there) return Look::unknown;
    const auto look = match(expression, pattern, line);
    if (look != Look::yes) return look;
    Hit hit = before;
    hit.last_line = number;
    hit.last_text = line;
    add_captures(hit, *found_, line);
    if (!is_last) {
        partial[position] = std::move(hit);
        return look;
    }
    for (auto& other : partial) {
        if (other && other->line_number <= hit.line_number) other.reset();
    }
    complete(std::move(hit));
    return look;
}

void HitFinder::complete(Hit hit) {
    if (patterns_.patterns()[hit.pattern].unless.empty()) {
        keeper_.add(std::move(hit));
    } else {
        waiting_.push_back(std::move(hit));
    }
}

// Decides about the hits whose surroundings are known.
void HitFinder::decide(const log_text::Block& block, bool last_block) {
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

bool HitFinder::is_refused(const log_text::Block& block, const Hit& hit) {
    const auto first = std::max(block.first_number() + PatternSet::near, hit.line_number) - PatternSet::near;
    const auto last = std::min(hit.last_line + PatternSet::near, block.last_number());
    for (const auto number : patterns_.patterns()[hit.pattern].unless) {
        for (auto at = first; at <= last; ++at) {
            if (match(patterns_.refusing_expression(number), hit.pattern, block.line(at)) == Look::yes) return true;
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
