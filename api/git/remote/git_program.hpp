#pragma once

#include "api/git/remote/remote.hpp"

/// Remotes by the installed `git` program: what libgit2 does not speak (shallow and partial clones, protocol version 2,
/// LFS, remote helpers' configuration) at the price of a process. The functions of remote.hpp call these when
/// RemoteAccess::transport says so; what they take, give and raise is the same.
///
/// Logins never appear in an argument: ours go through a pipe to a credential helper that answers for the URL's own
/// origin alone. (One that is written into the URL of a configured remote is in the environment of git.) git is left
/// without a terminal, prompts and hooks, and only with the protocols that parse_remote_url knows.
namespace uhost::git::program {

FetchResult fetch(const Repository& repository, const FetchQuery& query, const TransferOptions& options);
std::vector<ReferenceChange> push(const Repository& repository, const PushQuery& query, const TransferOptions& options);
std::vector<RemoteReference> list_remote(const std::shared_ptr<Repository>& repository, const std::string& remote,
                                         const TransferOptions& options);
/// Clones `url` into `folder`, which is empty.
void clone(const std::string& url, const CloneQuery& query, const std::filesystem::path& folder,
           const TransferOptions& options);

}  // namespace uhost::git::program
