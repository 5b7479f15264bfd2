#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/core/environment.hpp"

namespace uhost {

/// Whose files of a repository uhost takes without being asked to, by git's rule: those of root and of the user; of who
/// called sudo, where root runs; and anybody's where `safe.directory` lists the repository. That is read from the
/// configuration of the system and the user, by the git program, once, and only if somebody else's file is met: then
/// allow() blocks for it. One thread at a time.
class TrustedOwners {
public:
    TrustedOwners(std::filesystem::path repository, Environment environment);

    bool allow(uid_t owner) const;
    const std::filesystem::path& repository() const { return repository_; }

private:
    bool is_listed() const;

    std::filesystem::path repository_;
    Environment environment_;
    mutable std::optional<bool> listed_;
};

/// Whether `values` of safe.directory, in their order, list a repository: by its path, "*" for all, or "FOLDER/*" for
/// those below a folder. An empty value takes back those before it.
bool lists_as_safe(const std::vector<std::string>& values, const std::filesystem::path& repository);

}  // namespace uhost
