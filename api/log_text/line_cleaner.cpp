#include "api/log_text/line_cleaner.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "api/log_text/line_prefix.hpp"
#include "host/core/utf8.hpp"

namespace uhost::log_text {

namespace {

bool is_within(char c, unsigned char first, unsigned char last) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= first && byte <= last;
}

std::size_t control_sequence_size(std::string_view text) {
    std::size_t at = 2;
    while (at < text.size() && is_within(text[at], 0x30, 0x3F)) ++at;
    while (at < text.size() && is_within(text[at], 0x20, 0x2F)) ++at;
    return at < text.size() && is_within(text[at], 0x40, 0x7E) ? at + 1 : at;
}

std::size_t string_size(std::string_view text) {
    for (std::size_t at = 2; at < text.size(); ++at) {
        if (text[at] == '\a') return at + 1;
        if (text[at] == '\x1b') return at + 1 < text.size() && text[at + 1] == '\\' ? at + 2 : 2;
    }
    return 2;
}

// How many bytes the escape sequence at the start of `text` takes, which begins with ESC: control sequences (colours,
// cursor), strings (titles, links) to their terminator, and the short ones (ECMA-48, 5.3 to 5.6). Of one that is broken
// off, only what is certainly part of it, so that no text is lost.
std::size_t escape_sequence_size(std::string_view text) {
    if (text.size() < 2) return text.size();
    switch (text[1]) {
        case '[':
            return control_sequence_size(text);
        case ']':
        case 'P':
        case 'X':
        case '^':
        case '_':
            return string_size(text);
        default:
            break;
    }
    std::size_t at = 1;
    while (at < text.size() && is_within(text[at], 0x20, 0x2F)) ++at;
    return at < text.size() && is_within(text[at], 0x30, 0x7E) ? at + 1 : at;
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::size_t max_head = 6144;
constexpr std::size_t room_for_mark = 64;
constexpr std::size_t max_marker = 512, max_line_marks = 8;

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

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t") == text.npos; }

bool is_marker(std::string_view text) {
    return text.starts_with("travis_fold:") || text.starts_with("travis_time:") || text.starts_with("section_start:") ||
           text.starts_with("section_end:");
}

void drop_last_character(std::string& text) {
    while (!text.empty() && utf8::is_continuation(text.back())) text.pop_back();
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
    const auto code_point = utf8::decode(piece.substr(at));
    part_ += code_point.valid ? piece.substr(at, code_point.bytes) : replacement;
    return at + code_point.bytes;
}

void LineCleaner::end_part() {
    if (is_marker(part_)) {
        if (markers_.size() < max_line_marks && part_.size() <= max_marker) markers_.push_back(part_);
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

// A line that is too long, or that lacks a part, loses its middle.
void LineCleaner::append_limited(std::string_view whole, std::string& text) const {
    const bool joined = left_out_ > 0;
    if (whole.size() <= longest && !joined) {
        text += whole;
        return;
    }
    auto head = std::min({max_head, whole.size(), joined ? joint_ : whole.size()});
    auto tail =
        std::max(whole.size() - std::min(whole.size(), longest - max_head - room_for_mark), joined ? joint_ : head);
    while (head > 0 && head < whole.size() && utf8::is_continuation(whole[head])) --head;
    while (tail < whole.size() && utf8::is_continuation(whole[tail])) ++tail;
    text += whole.substr(0, head);
    fmt::format_to(std::back_inserter(text), " …[{} bytes cut]… ", tail - head + left_out_);
    text += whole.substr(tail);
}

}  // namespace uhost::log_text
