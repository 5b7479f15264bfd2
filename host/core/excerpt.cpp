#include "host/core/excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "host/core/utf8.hpp"
#include "host/core/visible.hpp"

namespace uhost {
namespace {

constexpr std::size_t max_width = 120, before_place = 40;

std::optional<std::string> line_of(std::string_view source, int number) {
    for (int i = 1; i < number; ++i) {
        const auto end = source.find('\n');
        if (end == source.npos) return std::nullopt;
        source.remove_prefix(end + 1);
    }
    std::string line(source.substr(0, source.find('\n')));
    if (line.ends_with('\r')) line.pop_back();
    std::ranges::replace(line, '\t', ' ');
    return line;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The first place where the word stands by itself.
std::optional<std::size_t> find_word(std::string_view line, std::string_view word) {
    for (auto at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
        const auto end = at + word.size();
        const bool begins = at == 0 || !is_word(word.front()) || !is_word(line[at - 1]);
        const bool ends = end == line.size() || !is_word(word.back()) || !is_word(line[end]);
        if (begins && ends) return at;
    }
    return std::nullopt;
}

struct Span {
    std::size_t first = 0, length = 1;
};

// Lua quotes the name that it is about: attempt to index field 'labels' (a nil value).
Span span_of(std::string_view line, std::string_view message) {
    for (auto open = message.find('\''); open != message.npos;) {
        const auto close = message.find('\'', open + 1);
        if (close == message.npos) break;
        const auto word = message.substr(open + 1, close - open - 1);
        if (const auto at = word.empty() ? std::nullopt : find_word(line, word)) return {*at, word.size()};
        open = message.find('\'', close + 1);
    }
    const auto first = std::min(line.find_first_not_of(' '), line.size());
    const auto end = std::find_if_not(line.begin() + static_cast<std::ptrdiff_t>(first), line.end(), is_word);
    return {first, std::max<std::size_t>(1, static_cast<std::size_t>(end - line.begin()) - first)};
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !utf8::is_continuation(c); }));
}

// A window of the line around the span, cut between characters.
std::string_view window(std::string_view line, Span& span) {
    std::size_t from = 0;
    if (line.size() > max_width && span.first > before_place) from = span.first - before_place;
    while (from > 0 && from < line.size() && utf8::is_continuation(line[from])) --from;
    auto to = std::min(line.size(), from + max_width);
    while (to < line.size() && utf8::is_continuation(line[to])) ++to;
    span.first -= from;
    span.length = std::min(span.length, std::max<std::size_t>(1, to - from - std::min(to - from, span.first)));
    return line.substr(from, to - from);
}

}  // namespace

std::string excerpt(std::string_view source, int line, std::string_view message) {
    const auto whole = line_of(source, line);
    if (!whole || whole->find_first_not_of(' ') == whole->npos) return {};
    auto span = span_of(*whole, message);
    const auto shown = window(*whole, span);
    const auto before = visible(shown.substr(0, span.first));
    const auto marked = std::max<std::size_t>(1, characters(visible(shown.substr(span.first, span.length))));
    return fmt::format("{:>5} | {}\n      | {:{}}^{:~<{}}", line, visible(shown), "", characters(before), "",
                       marked - 1);
}

TextPlace place_in(std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, offset);
    const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto rest = text.substr(before.size());
    return {std::ranges::count(before, '\n') + 1, static_cast<std::int64_t>(before.size() - line_start) + 1,
            rest.substr(0, rest.find('\n'))};
}

}  // namespace uhost
