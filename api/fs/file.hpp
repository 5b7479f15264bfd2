#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/core/descriptor.hpp"
#include "host/core/error.hpp"
#include "host/core/resolved_path.hpp"

namespace uhost::fs {

/// "cannot DO PATH: why", with a remedy that fits `code` (an errno value).
Error failure(const char* kind, std::string_view doing, const std::filesystem::path& path, int code);

/// Whether it means that nothing is there.
bool is_absence(int code);

using Path = std::filesystem::path;

/// The content of a file; nothing when none is there. Throws `fs.read`, and `fs.too_large` above `limit_bytes`.
std::optional<std::string> read(const FilePlace& place, std::size_t limit_bytes);

/// Replaces or creates a file as a whole (see write_file_atomically); a symbolic link is followed. Throws `fs.write`.
void write(const Path& file, std::string_view content);

/// The last bytes of a regular file; "" for any other, and when it cannot be read.
std::string end_of(const Path& file, std::size_t max_bytes);

/// Adds to the end of a file, which is created if need be. What cannot be added whole is taken back. Throws `fs.write`.
void append(const Path& file, std::string_view content);

/// Copies a file, or with `recursive` a folder; symbolic links inside are copied as such. The copy appears under its
/// name when it is whole. A file replaces a file; a folder needs a free name. Throws `fs.copy`.
void copy(const Path& from, const Path& to, bool recursive);

/// Removes a file, a symbolic link (never what it points to), an empty folder, or with `recursive` a full one. False
/// when nothing is there. Throws `fs.remove`; refuses "", "/", and names that end in "." or "..".
bool remove(const Path& path, bool recursive);

/// Reads a file line by line, in constant memory.
class LineReader {
public:
    /// Throws `fs.read`.
    LineReader(const FilePlace& file, std::size_t limit_bytes);

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
