#pragma once

#include <filesystem>

#include "host/bind/mutation.hpp"

namespace uhost::fs {

/// The path in argument `index`; throws `argument` for "" and for one with a NUL byte.
std::filesystem::path path_at(const bind::Call& call, int index, const char* name);

/// Whether `path` lies in a temporary folder of this process or in the state folder: a dry run writes there as well.
bool is_scratch(bind::Call& call, const std::filesystem::path& path);

/// The change of the file or folder at `path`, for Call::mutate.
Mutation file_mutation(bind::Call& call, const char* kind, const std::filesystem::path& path, std::string summary);

}  // namespace uhost::fs
