#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace uhost {

/// The whole content of a file of at most `largest` bytes. Throws `file.read` naming it when it cannot be read,
/// `file.too_large` when it is larger.
std::string read_file(const std::filesystem::path& file, std::size_t largest);

/// Replaces a file as a whole: readers see the old content or the new one, never half, also after a crash. The new file
/// is written beside it, synced, and renamed over it; permissions of an existing file are kept, and a symbolic link is
/// followed. What is no regular file (/dev/stdout, a pipe) is written to as it is. Throws `file.write`.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

}  // namespace uhost
