#pragma once

#include <filesystem>
#include <string>

#include "host/core/descriptor.hpp"

namespace uhost {

/// The file that opening `path` reaches: absolute, with every symbolic link followed, also one to what does not exist
/// yet (std::filesystem::weakly_canonical stops there). What is missing stays by its name.
std::filesystem::path resolved_path(const std::filesystem::path& path);

/// The same but for the last name, which stays: what removing, renaming and linking work on.
std::filesystem::path resolved_entry(const std::filesystem::path& path);

/// Whether a path that was resolved is `folder`, resolved too, or lies below it.
bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder);

/// Opens a path beneath a folder, name by name, and follows no link: for kernels before 5.6, and where a filter refuses
/// openat2. As open(2), with errno; EXDEV for "..".
int open_by_steps(int folder, const std::filesystem::path& relative, int flags);

/// A file to open: what a path leads to, or the very file of a path that was resolved and decided about. Then no symbolic
/// link counts that has come between deciding and opening.
struct FilePlace {
    std::filesystem::path path;
    bool follows_links = true;

    FilePlace(std::filesystem::path file, bool follows = true) : path(std::move(file)), follows_links(follows) {}
    FilePlace(const std::string& file) : path(file) {}
    FilePlace(const char* file) : path(file) {}

    /// As open(2), with errno; ELOOP for a link that does not count.
    Descriptor open(int flags) const;
};

}  // namespace uhost
