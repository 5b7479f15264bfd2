#pragma once

#include <filesystem>

namespace uhost::store {

/// Writes what is committed in the database `from` into the new file `to`, while others may go on writing to `from`.
/// Throws as opening and reading `from`, and writing `to`, do.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace uhost::store
