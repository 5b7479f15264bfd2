#include "api/re/line_search.hpp"

#include <cstring>

namespace uhost::re {
namespace {

std::size_t begin_of_line(std::string_view text, std::size_t least, std::size_t at) {
    const auto* newline = static_cast<const char*>(::memrchr(text.data() + least, '\n', at - least));
    return newline != nullptr ? static_cast<std::size_t>(newline - text.data()) + 1 : least;
}

}  // namespace

LineSearch::LineSearch(std::shared_ptr<const Regex> regex)
    : regex_(std::move(regex)), for_lines_(Regex::for_lines(*regex_)), matcher_(for_lines_ ? for_lines_ : regex_) {}

void LineSearch::begin(std::string_view text) {
    text_ = text;
    position_ = 0;
}

bool LineSearch::next(StepMeter* meter) { return for_lines_ ? next_at_once(meter) : next_by_line(meter); }

bool LineSearch::find(std::string_view text, std::size_t start, StepMeter* meter) {
    return meter != nullptr ? matcher_.find(text, *meter, start) : matcher_.find(text, start);
}

std::size_t LineSearch::end_of_line(std::size_t from) const {
    const auto newline = text_.find('\n', from);
    return newline == text_.npos ? text_.size() : newline;
}

bool LineSearch::next_at_once(StepMeter* meter) {
    if (position_ > text_.size() || !find(text_, position_, meter)) return false;
    const auto match = matcher_.whole();
    line_ = {begin_of_line(text_, position_, match.begin), end_of_line(match.end)};
    position_ = line_.end + 1;
    return true;
}

bool LineSearch::next_by_line(StepMeter* meter) {
    while (position_ <= text_.size()) {
        line_ = {position_, end_of_line(position_)};
        position_ = line_.end + 1;
        if (find(line(), 0, meter)) return true;
    }
    return false;
}

std::vector<std::optional<Span>> LineSearch::groups() const {
    auto groups = matcher_.groups();
    if (!for_lines_) return groups;
    for (auto& span : groups) {
        if (span) span = Span{span->begin - line_.begin, span->end - line_.begin};
    }
    return groups;
}

}  // namespace uhost::re
