#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace uhost::git {

/// A line by its number in a LineTable.
using Line = std::uint32_t;

/// Gives lines numbers: equal lines, line feeds included, have the same one. Texts that are compared again and again,
/// as the versions of one file are, are taken apart once. For one thread.
class LineTable {
public:
    /// The lines of `text`, which is copied as far as its lines are new.
    std::vector<Line> lines_of(std::string_view text);

    std::size_t size() const noexcept { return entries_.size(); }
    /// The columns of white space a line starts with (at most 200, tabs to eight); -1 for a blank line.
    int indent(Line line) const noexcept { return entries_[line].indent; }

    /// Bytes that lines take up; clear() forgets all numbers, and keeps room for as many.
    std::size_t bytes() const noexcept { return bytes_; }
    void clear();

private:
    struct Entry {
        std::size_t hash;
        std::string_view text;
        int indent;
    };

    Line number_of(std::string_view line);
    Line add(std::size_t hash, std::string_view line, std::size_t slot);
    std::string_view keep(std::string_view line);
    void grow();

    std::vector<Entry> entries_;
    std::vector<Line> slots_;  // open addressing; 0 is free, else a number plus one
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t room_ = 0;  // in the last block
    std::size_t bytes_ = 0;
};

}  // namespace uhost::git
