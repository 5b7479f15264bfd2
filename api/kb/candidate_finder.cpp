#include "api/kb/candidate_finder.hpp"

#include <algorithm>

namespace uhost::kb {
namespace {

// Letters beyond ASCII that caseless patterns take for a k and an s.
bool has_folding_letter(std::string_view text) {
    return text.find("\xE2\x84\xAA") != text.npos || text.find("\xC5\xBF") != text.npos;
}

}  // namespace

CandidateFinder::CandidateFinder(const SearchPlan& plan, std::size_t expressions)
    : plan_(plan),
      starts_(plan.starts, LazyDfa::Begins::at_start),
      shapes_(plan.shapes, LazyDfa::Begins::at_start),
      texts_(plan.texts, LazyDfa::Begins::anywhere),
      started_(plan.probes.size()),
      added_(expressions) {}

void CandidateFinder::find_texts(std::span<const std::string_view> lines) {
    text_hits_.clear();
    texts_.read_all(lines, [&](std::size_t line, std::uint32_t probe) { text_hits_.push_back({line, probe}); });
    std::ranges::sort(text_hits_, {}, &TextHit::line);
}

void CandidateFinder::add(std::uint32_t expression) {
    if (added_[expression] == line_) return;
    added_[expression] = line_;
    of_line_.push_back(expression);
}

std::span<const std::uint32_t> CandidateFinder::find_in(std::string_view line, std::span<const TextHit> hits) {
    ++line_;
    of_line_.clear();
    const auto take = [&](std::uint32_t number) {
        const auto& probe = plan_.probes[number];
        started_[number] = line_;
        if (!probe.by_text) add(probe.expression);
    };
    starts_.read(line, take);
    shapes_.read(line, take);
    for (const auto& hit : hits) {
        const auto& probe = plan_.probes[hit.probe];
        if (!probe.by_start || started_[hit.probe] == line_) add(probe.expression);
    }
    for (const auto expression : plan_.always) add(expression);
    if (!plan_.folding.empty() && has_folding_letter(line)) {
        for (const auto expression : plan_.folding) add(expression);
    }
    if (of_line_.size() > 1) std::ranges::sort(of_line_);
    return of_line_;
}

}  // namespace uhost::kb
