#pragma once

#include <filesystem>

#include "host/bind/mutation.hpp"

/// What the binding files of `fs` share.
namespace uhost::fs {

// binding.cpp
/// The path in argument `index`; throws `argument` for "" and for one with a NUL byte.
std::filesystem::path path_at(const bind::Call& call, int index, const char* name);

/// Whether `path` lies in a temporary folder of this process or in the state folder: a dry run writes there as well.
bool is_scratch(bind::Call& call, const std::filesystem::path& path);

/// The change of the file or folder at `path`, for Call::mutate.
Mutation file_mutation(bind::Call& call, const char* kind, const std::filesystem::path& path, std::string summary);

// binding_watch.cpp
/// fs.watch(paths, options): an iterator that waits for changes.
int watch(bind::Call& call);

}  // namespace uhost::fs
