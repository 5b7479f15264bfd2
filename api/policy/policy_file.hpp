#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "host/core/repository_file.hpp"

namespace uhost::policy {

constexpr std::size_t max_policy_bytes = 1 << 20;

/// A policy's source, and where it was found.
struct PolicyFile {
    std::string source;
    std::filesystem::path path;  ///< as messages name it: relative to the current folder where it lies there
    bool is_user = false;      ///< in the user's own folder, not shipped with uhost
};

/// Where rule files are: the user's own folder (its path is empty when there is none), and the one that was shipped with
/// uhost.
struct PolicyFolders {
    RepositoryFolder own;
    std::filesystem::path shipped;
};

/// Finds NAME.lua in both folders: the layers of a policy, the shipped one first. Throws `argument` for a name that is
/// not words of lower-case letters, digits and `_`, with `/` between folders (so that no name leads out of the two);
/// `policy.not_found` saying where it looked, and what there is; what read_repository_file throws, at 1 MiB.
std::vector<PolicyFile> find_policy(std::string_view name, const PolicyFolders& folders);

/// The names of all rule files in a folder and the folders in it, in their order; none if it is not there. At most
/// 10,000.
std::vector<std::string> policy_names(const std::filesystem::path& folder);

/// What changes when a file is edited or replaced; the same for all files that are not there.
struct FileStamp {
    std::uint64_t inode = 0, bytes = 0;
    std::int64_t changed_ns = 0;
    bool operator==(const FileStamp&) const = default;
};
FileStamp stamp_of(const std::filesystem::path& file);

}  // namespace uhost::policy
