#pragma once

#include <filesystem>
#include <string>

#include "api/git/binding.hpp"
#include "api/git/remote/transfer.hpp"
#include "host/plan/mutation.hpp"

/// What a script may do with repositories; see Permissions. All throw `permission.denied`.
namespace uhost::git::binding {

/// A change of a repository that the script may make: it needs Access::git_write.
Mutation permitted(Call& call, Mutation mutation);
/// The same for a change that makes a repository in `folder`.
Mutation permitted_in(Call& call, Mutation mutation, const std::filesystem::path& folder);

/// Whether it may read a repository: also where its objects come from, should they lie elsewhere.
void require_reading(Call& call, const Repository& repository);

/// Whether it may reach what a URL names.
void require_remote(Call& call, const std::string& url);

/// Keeps a conversation with a remote within what the script may do: which hosts, and whether programs may run.
void limit_to_permissions(Host& host, RemoteAccess& access);

}  // namespace uhost::git::binding
