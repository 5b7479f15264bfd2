#pragma once

#include <filesystem>
#include <string>

#include "host/core/resolved_path.hpp"
#include "host/plan/mutation.hpp"

namespace uhost {

class Host;

// What a script may do with files. Every bound function that takes a path from it asks here.
namespace files {

/// The file that opening `path` reaches. Throws `permission.denied` unless the script may read it. What is opened is to
/// be what this gives: the path may lead elsewhere a moment later.
FilePlace require_reading(Host& host, const std::filesystem::path& path);

/// Whether a path that was resolved is of a file that every script may read: of the primitives, commands and rules.
bool comes_with_uhost(Host& host, const std::filesystem::path& path);

/// What a change works on: the file that the path leads to, or the path's last name itself, which may be a link.
enum class Reaches { target, entry };

/// The change of the file or folder at `path`, for Call::mutate: of local scope, or scratch where a dry run writes as
/// well. Throws `permission.denied`.
Mutation mutation(Host& host, const char* kind, const std::filesystem::path& path, std::string summary,
                  Reaches reaches = Reaches::target);

/// Whether a path that was resolved lies in a temporary folder of this process or in the state folder.
bool is_scratch(Host& host, const std::filesystem::path& path);

/// Lets the script read and write a folder that was made for it.
void allow(Host& host, const std::filesystem::path& folder);

}  // namespace files
}  // namespace uhost
