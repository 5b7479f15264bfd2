#include "api/term/columns.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace uhost::term {
namespace {

/// One character as people see it: a grapheme cluster of Unicode's UAX #29, with the columns that it takes.
struct Grapheme {
    std::string_view text;
    int columns;
};

constexpr utf8proc_int32_t emoji_presentation = 0xfe0f;

bool is_regional_indicator(utf8proc_int32_t code) { return code >= 0x1f1e6 && code <= 0x1f1ff; }

// Splits the first grapheme off `text`, which must not be empty.
Grapheme take_grapheme(std::string_view& text) {
    if (text.size() == 1 ||
        (static_cast<unsigned char>(text[0]) < 0x80 && static_cast<unsigned char>(text[1]) < 0x80)) {
        const Grapheme simple{text.substr(0, 1), 1};
        text.remove_prefix(1);
        return simple;
    }
    std::size_t size = 0;
    int columns = 0;
    utf8proc_int32_t previous = -1, state = 0;
    while (size < text.size()) {
        utf8proc_int32_t code = 0;
        const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + size);
        const auto bytes = utf8proc_iterate(at, static_cast<utf8proc_ssize_t>(text.size() - size), &code);
        const auto used = bytes > 0 ? static_cast<std::size_t>(bytes) : 1;
        if (bytes <= 0) code = 0xfffd;
        if (previous >= 0 && utf8proc_grapheme_break_stateful(previous, code, &state)) break;
        columns = std::max(columns, utf8proc_charwidth(code));
        // Two letters of a flag, and what asks to be shown as an emoji, take the room of an emoji.
        if (code == emoji_presentation || (is_regional_indicator(code) && is_regional_indicator(previous))) columns = 2;
        previous = code;
        size += used;
    }
    const Grapheme grapheme{text.substr(0, size), columns};
    text.remove_prefix(size);
    return grapheme;
}

/// Puts words into lines; see wrap().
class Wrapper {
public:
    explicit Wrapper(int columns) : columns_(std::max(columns, 1)) {}

    std::vector<std::string> run(std::string_view text) {
        while (!text.empty()) {
            const auto grapheme = take_grapheme(text);
            if (grapheme.text == "\n") {
                end_word();
                end_line();
            } else if (grapheme.text == " " || grapheme.text == "\t") {
                end_word();
                if (!line_.empty()) ++spaces_;
            } else {
                add(grapheme);
            }
        }
        end_word();
        lines_.push_back(std::move(line_));
        return std::move(lines_);
    }

private:
    void add(const Grapheme& grapheme) {
        // A word that is wider than a line is broken where the line ends.
        if (word_columns_ + grapheme.columns > columns_ && !word_.empty()) {
            end_word();
            end_line();
        }
        word_ += grapheme.text;
        word_columns_ += grapheme.columns;
    }

    void end_word() {
        if (word_.empty()) return;
        if (!line_.empty() && line_columns_ + spaces_ + word_columns_ > columns_) end_line();
        if (!line_.empty()) line_.append(static_cast<std::size_t>(spaces_), ' ');
        line_columns_ += word_columns_ + (line_.empty() ? 0 : spaces_);
        line_ += word_;
        word_.clear();
        word_columns_ = spaces_ = 0;
    }

    void end_line() {
        lines_.push_back(std::move(line_));
        line_.clear();
        line_columns_ = spaces_ = 0;
    }

    int columns_;
    std::vector<std::string> lines_;
    std::string line_, word_;
    int line_columns_ = 0, word_columns_ = 0, spaces_ = 0;
};

}  // namespace

int width(std::string_view text) {
    int columns = 0;
    while (!text.empty()) columns += take_grapheme(text).columns;
    return columns;
}

std::string truncate(std::string_view text, int columns) {
    std::string_view rest = text;
    std::size_t kept = 0;  // bytes that fit with "…" after them
    int used = 0;
    while (!rest.empty()) {
        used += take_grapheme(rest).columns;
        if (used <= columns - 1) kept = text.size() - rest.size();
        if (used > columns) return columns < 1 ? "" : std::string(text.substr(0, kept)) + "…";
    }
    return std::string(text);
}

std::vector<std::string> wrap(std::string_view text, int columns) { return Wrapper(columns).run(text); }

}  // namespace uhost::term
