#pragma once

#include <filesystem>

namespace uhost {

/// The file that opening `path` reaches: absolute, with every symbolic link followed, also one to what does not exist
/// yet (std::filesystem::weakly_canonical stops there). What is missing stays by its name.
std::filesystem::path resolved_path(const std::filesystem::path& path);

/// The same but for the last name, which stays: what removing, renaming and linking work on.
std::filesystem::path resolved_entry(const std::filesystem::path& path);

/// Whether a path that was resolved is `folder`, resolved too, or lies below it.
bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace uhost
