#pragma once

#include <string>

struct git_repository;

namespace uhost::git {

/// Has libgit2 reach ssh remotes through the `ssh` program, as git does: with the user's own configuration, agent, keys
/// and known hosts. (libgit2's built-in transport knows none of ~/.ssh/config, and cannot be cancelled.) ssh is never
/// left to ask questions. GIT_SSH_COMMAND, core.sshCommand and GIT_SSH name another program. Once for the process.
void register_ssh_transport();

/// The shell command that starts ssh for a repository; null for none.
std::string ssh_command(git_repository* repository);

}  // namespace uhost::git
