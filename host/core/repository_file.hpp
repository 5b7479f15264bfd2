#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace uhost {

/// Reads a file that came with a repository (a rule file, a knowledge base, `uhost.lua`), which a stranger's pull
/// request may have written. `relative` is looked up beneath `folder`: a symbolic link may point elsewhere inside the
/// folder, but neither a link nor ".." may lead out of it, and the file must be a regular one of at most `max_bytes`.
/// `folder` itself is trusted and may be a link: pass the repository's root, because `policies` within it may be one
/// that leads elsewhere. Never blocks: a named pipe is refused.
///
/// Throws `file.read` (absent or unreadable; details.errno), `file.outside` (the path leads out of the folder),
/// `file.not_regular` (a device, a pipe, a folder) and `file.too_large`; each with `details.path`.
std::string read_repository_file(const std::filesystem::path& folder, const std::filesystem::path& relative,
                                 std::size_t max_bytes);

}  // namespace uhost
