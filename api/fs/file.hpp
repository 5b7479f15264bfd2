#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace uhost::fs {

using Path = std::filesystem::path;

/// The content of a file; nothing when none is there. Throws `fs.read`, and `fs.too_large` above `limit_bytes`.
std::optional<std::string> read(const Path& file, std::size_t limit_bytes);

/// Replaces or creates a file as a whole (see write_file_atomically); a symbolic link is followed. Throws `fs.write`.
void write(const Path& file, std::string_view content);

/// Adds to the end of a file, which is created if need be. What cannot be added whole is taken back. Throws `fs.write`.
void append(const Path& file, std::string_view content);

/// Copies a file, or with `recursive` a folder; symbolic links inside are copied as such. The copy appears under its
/// name when it is whole. A file replaces a file; a folder needs a free name. Throws `fs.copy`.
void copy(const Path& from, const Path& to, bool recursive);

/// Removes a file, a symbolic link (never what it points to), an empty folder, or with `recursive` a full one. False
/// when nothing is there. Throws `fs.remove`; refuses "", "/", and names that end in "." or "..".
bool remove(const Path& path, bool recursive);

}  // namespace uhost::fs
