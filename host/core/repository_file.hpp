#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host/core/trusted_owners.hpp"

namespace uhost {

/// The nearest file or folder `name` in `folder` or above it, up to the repository's root (the folder that holds `.git`).
/// Outside of a repository only `folder` itself counts: what lies above may belong to anybody, as in /tmp.
struct InRepository {
    std::filesystem::path path;
    std::filesystem::path root;  ///< the repository's; outside of one, `folder`
};
std::optional<InRepository> find_in_repository(std::string_view name, const std::filesystem::path& folder);

/// A folder of files that came with a repository (rule files, knowledge bases, `uhost.lua`), which a stranger's pull
/// request may have written.
struct RepositoryFolder {
    std::filesystem::path path;  ///< as messages name it
    /// Whose files are read, and the repository that `path` must lie in, whatever symbolic links say. Null for a folder
    /// that the user has named: that may be a link, and anybody's.
    std::shared_ptr<const TrustedOwners> owners = nullptr;
};

/// Whether files of it may be read: throws otherwise, as reading one would.
void check_repository_folder(const RepositoryFolder& folder);

/// Reads a file beneath `folder`: a symbolic link may point elsewhere inside the folder, but neither a link nor ".." may
/// lead out of it, and the file must be a regular one of at most `max_bytes`. Never blocks: a named pipe is refused.
///
/// Throws `file.read` (absent or unreadable; details.errno), `file.outside` (the path leads out of the folder, or the
/// folder out of its repository), `file.owner` (somebody's whose files are not taken), `file.not_regular` (a device, a
/// pipe, a folder) and `file.too_large`; each with `details.path`.
std::string read_repository_file(const RepositoryFolder& folder, const std::filesystem::path& relative,
                                 std::size_t max_bytes);

}  // namespace uhost
