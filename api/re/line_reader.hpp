#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/core/resolved_path.hpp"

namespace uhost::re {

/// A stretch of a file, in bytes.
struct Range {
    std::uint64_t begin, end;
};

/// Reads a file some whole lines at a time, in memory that does not grow with the file.
class LineReader {
public:
    /// The longest line there may be.
    static constexpr std::size_t max_line_bytes = 64 << 20;

    /// Throws `file.read` naming the file when it cannot be opened.
    explicit LineReader(const FilePlace& file);
    /// Only the lines of `range`, which begins and ends where lines do.
    LineReader(const FilePlace& file, Range range);
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    /// The next lines, without the newline of the last; valid until the next call. Nothing at the end of the file.
    /// Throws `file.read`, and `re.limit` for a line that is longer than the longest.
    std::optional<std::string_view> next();

    /// The file cut into at most `pieces` ranges of whole lines, none much smaller than `least` bytes.
    std::vector<Range> split(std::size_t pieces, std::uint64_t least);

private:
    bool fill();
    std::size_t read_at(char* into, std::size_t size, std::uint64_t offset);
    std::uint64_t line_start_after(std::uint64_t offset, std::uint64_t size);

    std::filesystem::path file_;
    Descriptor descriptor_;
    bool seekable_ = false;
    std::uint64_t position_ = 0, end_ = UINT64_MAX;
    std::string buffer_;
    std::size_t filled_ = 0, given_ = 0;  // of the buffer: what was read, and what was given out of it
};

}  // namespace uhost::re
