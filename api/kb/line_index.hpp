#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "api/kb/source_file.hpp"

namespace uhost::kb {

/// Where the lines of a file begin: every so manyth of them, fewer as the file grows, so that memory stays bounded.
class LineIndex {
public:
    struct Place {
        std::uint64_t line;    ///< from 0
        std::uint64_t offset;  ///< in bytes
    };

    /// To be called for each line in order.
    void add(std::uint64_t offset);

    std::uint64_t lines() const { return lines_; }
    /// The last known place at or before a line.
    Place before(std::uint64_t line) const;

private:
    static constexpr std::size_t most_places = 1 << 16;
    std::vector<std::uint64_t> offsets_;
    std::uint64_t step_ = 64;
    std::uint64_t lines_ = 0;
};

/// Reads a file to its end. Throws `kb.read`, and `cancelled` when `stop` is requested.
LineIndex index_lines(const SourceFile& file, const std::stop_token& stop);

}  // namespace uhost::kb
