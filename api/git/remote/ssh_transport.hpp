#pragma once

#include <string>
#include <vector>

#include "api/git/remote/transfer.hpp"

struct git_repository;

namespace uhost::git {

/// Has libgit2 reach ssh remotes through the `ssh` program, as git does: with the user's own configuration, agent, keys
/// and known hosts. (libgit2's built-in transport knows none of ~/.ssh/config, and cannot be cancelled.) ssh is never
/// left to ask questions. GIT_SSH_COMMAND, core.sshCommand and GIT_SSH name another program. Once for the process.
void register_ssh_transport();

/// Options for it: never to ask, how long to try, the key of the setting git.ssh_key.
std::vector<std::string> ssh_options(const RemoteAccess& access);

/// The error for an ssh, or a program behind it, that ended with `code` and these errors.
Error ssh_failure(const std::string& url, int code, const std::string& errors);

/// The shell command that starts ssh for a repository; null for none.
std::string ssh_command(git_repository* repository);

}  // namespace uhost::git
