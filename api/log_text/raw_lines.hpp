#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/log_text/line_cleaner.hpp"
#include "api/log_text/source_file.hpp"

namespace uhost::log_text {

/// Reads a file line by line from a place where a line begins, in constant memory whatever is in it: of a line that
/// does not fit into the buffer the middle is left out.
class RawReader {
public:
    static constexpr std::size_t usual_buffer = 512 << 10;  ///< what the buffer grows to, where much is read
    /// How much of each end of a line is kept that does not fit.
    static constexpr std::size_t kept_of_long_line = 64 << 10;

    /// `buffer_bytes` is at least twice `kept_of_long_line`.
    RawReader(const SourceFile& file, std::uint64_t offset, std::size_t buffer_bytes = usual_buffer);

    /// The next line, valid until the next call; nothing at the end of the file, or when `stop` is requested in the
    /// middle of a long line. Throws `log_text.read`.
    std::optional<RawLine> next(const std::stop_token& stop = {});

    /// Where the line begins that comes next.
    std::uint64_t offset() const { return buffer_offset_ + start_; }
    /// Goes where another line begins; what was read of the file there is not read again.
    void seek(std::uint64_t offset);

private:
    bool fill();
    std::optional<RawLine> take(std::size_t size, bool newline);
    std::optional<RawLine> long_line(const std::stop_token& stop);

    const SourceFile& file_;
    std::size_t max_buffer_;
    std::string buffer_;
    std::uint64_t buffer_offset_;      // of the buffer's first byte in the file
    std::size_t start_ = 0, end_ = 0;  // what is read and not given out
    std::string head_, tail_;          // of a long line
};

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
    static constexpr std::size_t max_places = 1 << 16;
    std::vector<std::uint64_t> offsets_;
    std::uint64_t step_ = 64;
    std::uint64_t lines_ = 0;
};

/// Reads a file to its end. Throws `log_text.read`, and `cancelled` when `stop` is requested.
LineIndex index_lines(const SourceFile& file, const std::stop_token& stop);

}  // namespace uhost::log_text
