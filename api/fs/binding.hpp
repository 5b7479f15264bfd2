#pragma once

#include <filesystem>

#include "host/bind/mutation.hpp"

/// What the binding files of `fs` share.
namespace uhost::fs {

// binding.cpp
/// The path in argument `index`; throws `argument` for "" and for one with a NUL byte.
std::filesystem::path path_at(const bind::Call& call, int index, const char* name);

/// The same for a file that is read. Throws `permission.denied`.
std::filesystem::path readable_at(bind::Call& call, int index, const char* name);

// binding_watch.cpp
/// fs.watch(paths, options): an iterator that waits for changes.
int watch(bind::Call& call);

}  // namespace uhost::fs
