#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "api/logs/line_finder.hpp"
#include "api/logs/segment.hpp"

namespace uhost::logs {

/// Lines of a segment in which one searches: a log, or a step of one.
struct Extent {
    std::uint64_t segment, first_line, lines;
    std::uint64_t end_line() const { return first_line + lines; }
};

struct SearchOptions {
    std::size_t max_hits = 1000;           ///< the first so many are kept, and then the search ends
    bool counts_all = false;               ///< it goes on and counts all of them
    std::size_t max_hit_bytes = 64 << 20;  ///< of the lines that are kept
};

struct Hit {
    std::uint32_t extent;  ///< its position in the list
    std::uint64_t line;    ///< in the extent, from 1
    std::string text;
};

struct SearchResult {
    std::vector<Hit> hits;              ///< in the order of segments and lines
    std::vector<std::uint64_t> counts;  ///< of each extent, of the lines that were looked at
    std::uint64_t blocks = 0;           ///< that have lines of extents
    std::uint64_t read_blocks = 0;      ///< of these, those that filters did not rule out
    bool is_complete = true;            ///< false where it ended at max_hits
    std::vector<std::uint64_t> missing_segments;
    std::vector<Damage> damages;
};

/// Searches extents on all processors. Several searches may run at once. Throws `re.limit`, and `cancelled` when `stop`
/// is requested.
SearchResult search(const std::filesystem::path& folder, const LinePattern& pattern, const std::vector<Extent>& extents,
                    const SearchOptions& options, const std::stop_token& stop);

}  // namespace uhost::logs
