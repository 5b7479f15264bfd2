#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace uhost::policy {

/// A policy's source, and where it was found.
struct PolicyFile {
    std::string source;
    std::filesystem::path path;  ///< as messages name it: relative to the current folder where it lies there
    bool users_own = false;      ///< in the user's own folder, not shipped with uhost
};

/// Finds NAME.lua in the user's folder `own`, else in `shipped`. Throws `argument` for a name that is not words of
/// lower-case letters, digits and `_`, with `/` between folders (so that no name leads out of the two); `policy.not_found`
/// saying where it looked, and what there is; `file.read` and `file.too_large` (over 1 MiB).
PolicyFile find_policy(std::string_view name, const std::filesystem::path& own, const std::filesystem::path& shipped);

}  // namespace uhost::policy
