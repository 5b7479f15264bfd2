#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace uhost::kb {

/// Some cleaned lines in a row, each with a newline behind it. The first ones may be from the block before, kept so
/// that what is around a line can be looked at.
class Block {
public:
    /// Begins with the last lines of another block, at most `kept`; what is added then is new.
    void begin_behind(const Block& before, std::size_t kept);
    /// To add a line: append its text to text(), without a newline, then call end_line().
    std::string& text() { return text_; }
    void end_line();

    bool has_new() const { return starts_.size() > fresh_; }
    std::size_t new_bytes() const { return text_.size() - fresh_offset(); }
    /// The new lines, without the newline of the last; there must be some.
    std::string_view new_text() const { return std::string_view(text_).substr(fresh_offset(), new_bytes() - 1); }
    /// The number, from 1, of the new line that holds the byte `offset` of new_text(); a line's end is part of it.
    std::uint64_t number_at(std::size_t offset) const;

    void set_first_number(std::uint64_t number) { first_number_ = number; }
    std::uint64_t first_number() const { return first_number_; }
    /// Of the last line; one less than first_number() when there is none.
    std::uint64_t last_number() const { return first_number_ + starts_.size() - 1; }
    /// A line of the block by its number.
    std::string_view line(std::uint64_t number) const;

private:
    std::size_t fresh_offset() const { return fresh_ < starts_.size() ? starts_[fresh_] : text_.size(); }

    std::string text_;
    std::vector<std::size_t> starts_;  // of each line in the text
    std::size_t open_ = 0;             // where the line begins that is being added
    std::size_t fresh_ = 0;            // the position of the first new line
    std::uint64_t first_number_ = 1;
};

}  // namespace uhost::kb
