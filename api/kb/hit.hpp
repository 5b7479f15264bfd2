#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "api/log_text/block.hpp"

namespace uhost::kb {

/// A capture that took part: its number, from 1 and counting on through the elements of a sequence; its name or
/// nothing.
struct Capture {
    unsigned number;
    std::string name;
    std::string text;
};

/// A place where a pattern matches.
struct Hit {
    std::uint32_t pattern;      ///< from 0
    std::uint64_t line_number;  ///< of the first element
    std::uint64_t last_line;    ///< of the last
    std::size_t column;         ///< where the first element matches, in bytes from 1
    std::string line;           ///< cleaned text of line_number
    std::string last_text;      ///< of last_line; empty unless the pattern is a sequence
    std::vector<Capture> captures;
    unsigned groups = 0;  ///< how many the elements have in all
};

/// What a scan of a log found.
struct ScanResult {
    std::uint64_t lines = 0;                  ///< that were looked at
    std::uint64_t bytes = 0;                  ///< of the log that these lines take
    std::uint64_t lines_matched = 0;          ///< that some pattern, or the first of a sequence, matches
    std::vector<Hit> hits;                    ///< by line, then by pattern
    std::vector<std::uint64_t> counts;        ///< of each pattern, also of hits that were not kept
    std::vector<std::uint64_t> limited;       ///< of each pattern, lines that take more than one match may
    std::vector<log_text::FoldMark> markers;  ///< in order
};

}  // namespace uhost::kb
