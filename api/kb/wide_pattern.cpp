#include "api/kb/wide_pattern.hpp"

#include <charconv>
#include <optional>

namespace uhost::kb {
namespace {

constexpr unsigned most_counted = 4;

/// A counted repeat, "{2}", "{2,}" or "{2,3}".
struct Count {
    unsigned least, most;
    std::size_t size;  // of its text
};

std::optional<Count> count_at(std::string_view text) {
    const auto end = text.find('}');
    if (!text.starts_with('{') || end == text.npos) return std::nullopt;
    Count count{0, 0, end + 1};
    const char* last = text.data() + end;
    const auto first = std::from_chars(text.data() + 1, last, count.least);
    if (first.ec != std::errc()) return std::nullopt;
    count.most = count.least;
    if (first.ptr == last) return count;
    if (*first.ptr != ',') return std::nullopt;
    count.most = ~0U;
    if (first.ptr + 1 == last) return count;
    const auto second = std::from_chars(first.ptr + 1, last, count.most);
    if (second.ec != std::errc() || second.ptr != last) return std::nullopt;
    return count;
}

// An escape, with what it has in braces: "\x{41}" is no counted repeat.
std::size_t escape_size(std::string_view text) {
    constexpr std::string_view with_braces = "xpPNgko";
    if (text.size() < 3 || text[2] != '{' || with_braces.find(text[1]) == with_braces.npos) return 2;
    const auto end = text.find('}');
    return end == text.npos ? 2 : end + 1;
}

std::size_t class_size(std::string_view text) {
    std::size_t at = text.starts_with("[^") ? 2 : 1;
    if (at < text.size() && text[at] == ']') ++at;
    while (at < text.size() && text[at] != ']') {
        if (text[at] == '\\') {
            at += escape_size(text.substr(at));
        } else if (text.substr(at).starts_with("[:")) {
            const auto end = text.find(":]", at);
            at = end == text.npos ? at + 1 : end + 2;
        } else {
            ++at;
        }
    }
    return at + 1;
}

// "^.*" and the like.
std::size_t anything_size(std::string_view pattern) {
    std::size_t size = pattern.starts_with('^') ? 1 : 0;
    if (!pattern.substr(size).starts_with(".*") && !pattern.substr(size).starts_with(".+")) return 0;
    size += 2;
    if (size < pattern.size() && (pattern[size] == '?' || pattern[size] == '+')) ++size;
    return size;
}

}  // namespace

std::string wide_pattern(std::string_view pattern) {
    std::string wide;
    for (std::size_t at = 0; at < pattern.size();) {
        const auto rest = pattern.substr(at);
        std::size_t size = 1;
        if (rest[0] == '\\') size = escape_size(rest);
        if (rest[0] == '[') size = class_size(rest);
        const auto count = count_at(rest);
        if (count && (count->most > most_counted)) {
            wide += count->least > 0 ? '+' : '*';
            at += count->size;
            continue;
        }
        wide += rest.substr(0, size);
        at += size;
    }
    wide.erase(0, anything_size(wide));
    return wide;
}

}  // namespace uhost::kb
