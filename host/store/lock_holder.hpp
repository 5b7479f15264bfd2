#pragma once

#include <filesystem>
#include <string>

namespace uhost::store {

/// Who holds a write lock on the database `file` or its shared-memory index just now, in words: "process 4711 (uhost)",
/// "this process, through another connection"; "" when nobody does or it cannot be told.
/// Reads /proc/locks: opening the file to ask would, on closing it, drop this process's own locks on it.
std::string lock_holder(const std::filesystem::path& file);

}  // namespace uhost::store
