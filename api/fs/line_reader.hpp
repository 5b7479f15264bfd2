#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "host/core/descriptor.hpp"

namespace uhost::fs {

/// Reads a file line by line, in constant memory.
class LineReader {
public:
    /// Throws `fs.read`.
    LineReader(std::filesystem::path file, std::size_t limit_bytes);

    /// The next line, without its newline; nothing at the end. Throws `fs.too_large` for a line above the limit.
    std::optional<std::string> next();

private:
    bool read_more();

    std::filesystem::path file_;
    std::size_t limit_bytes_;
    Descriptor descriptor_;
    std::string buffer_;
    std::size_t start_ = 0, end_ = 0;  // what is read and not given out
};

}  // namespace uhost::fs
