#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/log_text/raw_lines.hpp"

namespace uhost::log_text {

/// A mark that a CI system writes and overwrites at once, by which it folds what follows (see LineCleaner).
struct FoldMark {
    std::uint64_t line_number;
    std::string text;
};

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
    /// The number, from 1, of the first new line.
    std::uint64_t first_new() const { return first_number_ + fresh_; }

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

/// Reads and cleans the lines of a file, a block at a time.
class BlockReader {
public:
    /// Lines are numbered on from `number`, which begins at `offset`; none is read behind line `last`.
    BlockReader(const SourceFile& file, std::uint64_t offset, std::uint64_t number, std::uint64_t last);

    /// Adds what comes next to `block`. False when there is no more to come; the block may have new lines nevertheless.
    /// Throws `log_text.read`, and `cancelled` when `stop` is requested.
    bool next(Block& block, const std::stop_token& stop);

    /// Whether the file ended.
    bool at_end() const { return at_end_; }
    std::uint64_t lines() const { return lines_; }
    std::uint64_t bytes() const { return reader_.offset() - begin_; }
    /// Of the lines that were read.
    LineIndex& index() { return index_; }
    std::vector<FoldMark>& markers() { return markers_; }

private:
    const SourceFile& file_;
    RawReader reader_;
    LineCleaner cleaner_;
    LineIndex index_;
    std::vector<FoldMark> markers_;
    std::uint64_t begin_, number_, last_, lines_ = 0;
    bool at_end_ = false;
};

}  // namespace uhost::log_text
