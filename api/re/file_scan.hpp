#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/re/line_reader.hpp"
#include "api/re/line_search.hpp"

namespace uhost::re {

/// A line of a file that a pattern matches.
struct LineMatch {
    std::uint64_t line_number;                ///< from 1
    std::string line;                         ///< without its newline
    std::vector<std::optional<Span>> groups;  ///< relative to the line, from group 0
};

/// Goes through the lines of a file that match, some at a time, in memory that does not grow with the file.
class FileScan {
public:
    /// Stops after `limit` matches. Throws `file.read` when the file cannot be opened.
    FileScan(const FilePlace& file, std::shared_ptr<const Regex> regex, std::uint64_t limit);

    const Regex& regex() const { return search_.regex(); }

    /// The next lines that match, a few hundred at most; none at the end of the file, or when `stop` is requested.
    /// Throws `file.read` and `re.limit`.
    std::vector<LineMatch> next(std::stop_token stop);

private:
    bool next_text();
    LineMatch take();

    LineReader reader_;
    LineSearch search_;
    std::uint64_t left_;
    std::string_view text_;
    bool in_text_ = false;
    std::uint64_t line_number_ = 1;  // of the line at `counted_`
    std::size_t counted_ = 0;        // how far into the text lines have been counted
};

/// How many lines of a file match, counted on as many threads as there are processors. Gives up early, with a number of
/// no meaning, when `stop` is requested. Throws `file.read` and `re.limit`.
std::uint64_t count_lines(const FilePlace& file, const std::shared_ptr<const Regex>& regex,
                          std::stop_token stop);

}  // namespace uhost::re
