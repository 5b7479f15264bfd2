#include "api/kb/line_cleaner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/kb/escape_sequence.hpp"
#include "api/kb/line_prefix.hpp"

namespace uhost::kb {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::size_t longest_head = 6144;
constexpr std::size_t room_for_mark = 64;
constexpr std::size_t longest_marker = 512, most_markers = 8;

// Bytes that are copied as they are: printable ASCII, tabs, and control characters that mean nothing to us.
bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 && byte != 0 && byte != '\b' && byte != '\r' && byte != 0x1b;
}

// The common case: nothing but printable ASCII and tabs. No branch in the loop, so that it is vectorized.
bool is_clean(std::string_view text) {
    unsigned dirty = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        dirty |= static_cast<unsigned>(byte >= 0x80) |
                 (static_cast<unsigned>(byte < 0x20) & static_cast<unsigned>(byte != '\t'));
    }
    return dirty == 0;
}

// Where the bytes end that are copied as they are.
std::size_t end_of_plain(std::string_view text, std::size_t at) {
    constexpr std::size_t stride = 16;
    while (at + stride <= text.size() && is_clean(text.substr(at, stride))) at += stride;
    while (at < text.size() && is_plain(text[at])) ++at;
    return at;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// How many bytes the character at the start of `text` takes; negative for so many that are no part of one (the maximal
// subpart of the Unicode standard, 3.9).
int character_size(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    unsigned char least = 0x80, most = 0xBF;
    int size = 0;
    if (lead >= 0xC2 && lead <= 0xDF) size = 2;
    if (lead >= 0xE0 && lead <= 0xEF) size = 3;
    if (lead >= 0xF0 && lead <= 0xF4) size = 4;
    if (size == 0) return -1;
    if (lead == 0xE0) least = 0xA0;
    if (lead == 0xED) most = 0x9F;
    if (lead == 0xF0) least = 0x90;
    if (lead == 0xF4) most = 0x8F;
    for (int i = 1; i < size; ++i) {
        if (static_cast<std::size_t>(i) >= text.size()) return -i;
        const auto byte = static_cast<unsigned char>(text[static_cast<std::size_t>(i)]);
        if (byte < least || byte > most) return -i;
        least = 0x80;
        most = 0xBF;
    }
    return size;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t") == text.npos; }

bool is_marker(std::string_view text) {
    return text.starts_with("travis_fold:") || text.starts_with("travis_time:") || text.starts_with("section_start:") ||
           text.starts_with("section_end:");
}

void drop_last_character(std::string& text) {
    while (!text.empty() && continues(text.back())) text.pop_back();
    if (!text.empty()) text.pop_back();
}

}  // namespace

void LineCleaner::append(const RawLine& line, std::string& text) {
    markers_.clear();
    auto head = line.head;
    if (line.left_out == 0) {
        while (head.ends_with('\r')) head.remove_suffix(1);
    }
    head = line_prefix(head).text;
    left_out_ = visible_left_out_ = 0;
    if (line.left_out == 0 && is_clean(head)) return append_limited(head, text);
    part_.clear();
    visible_.clear();
    take(head);
    if (line.left_out > 0) {
        left_out_ = line.left_out;
        joint_ = part_.size();
        take(line.tail);
    }
    finish(text);
}

void LineCleaner::take(std::string_view piece) {
    for (std::size_t at = 0; at < piece.size();) {
        const auto end = end_of_plain(piece, at);
        part_.append(piece, at, end - at);
        at = end < piece.size() ? take_special(piece, end) : end;
    }
}

// Takes what is at `at`, which is not plain; returns where to go on.
std::size_t LineCleaner::take_special(std::string_view piece, std::size_t at) {
    switch (piece[at]) {
        case '\x1b':
            return at + escape_sequence_size(piece.substr(at));
        case '\r':
            end_part();
            return at + 1;
        case '\b':
            drop_last_character(part_);
            return at + 1;
        case '\0':
            part_ += replacement;
            return at + 1;
        default:
            break;
    }
    const int size = character_size(piece.substr(at));
    if (size < 0) part_ += replacement;
    if (size > 0) part_.append(piece, at, static_cast<std::size_t>(size));
    return at + static_cast<std::size_t>(std::abs(size));
}

void LineCleaner::end_part() {
    if (is_marker(part_)) {
        if (markers_.size() < most_markers && part_.size() <= longest_marker) markers_.push_back(part_);
    } else if (!is_blank(part_)) {
        visible_.swap(part_);
        visible_left_out_ = left_out_;
        visible_joint_ = joint_;
    }
    part_.clear();
    left_out_ = 0;
}

void LineCleaner::finish(std::string& text) {
    if (is_blank(part_) && visible_.empty() && markers_.empty()) visible_ = part_;
    end_part();
    left_out_ = visible_left_out_;
    joint_ = std::min(visible_joint_, visible_.size());
    if (visible_.empty() && !markers_.empty()) visible_ = fmt::format("{}", fmt::join(markers_, " "));
    append_limited(visible_, text);
}

// A line that is too long, or of which a part was left out, loses its middle.
void LineCleaner::append_limited(std::string_view whole, std::string& text) const {
    const bool joined = left_out_ > 0;
    if (whole.size() <= longest && !joined) {
        text += whole;
        return;
    }
    auto head = std::min({longest_head, whole.size(), joined ? joint_ : whole.size()});
    auto tail =
        std::max(whole.size() - std::min(whole.size(), longest - longest_head - room_for_mark), joined ? joint_ : head);
    while (head > 0 && head < whole.size() && continues(whole[head])) --head;
    while (tail < whole.size() && continues(whole[tail])) ++tail;
    text += whole.substr(0, head);
    fmt::format_to(std::back_inserter(text), " …[{} bytes cut]… ", tail - head + left_out_);
    text += whole.substr(tail);
}

}  // namespace uhost::kb
