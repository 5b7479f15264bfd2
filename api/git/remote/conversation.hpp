#pragma once

#include "api/git/libgit2.hpp"
#include "api/git/remote/credentials.hpp"
#include "api/git/remote/remote.hpp"

namespace uhost::git {

/// What every call to a remote shares: its checks before, the callbacks during, the right error after.
class Conversation {
public:
    /// `repository` may be null. Throws `git.offline`, `git.url`.
    Conversation(const TransferOptions& options, std::string url, git_repository* repository);

    Transfer& transfer() noexcept { return transfer_; }

    /// Fills callbacks for credentials, progress and cancellation.
    void set_callbacks(git_remote_callbacks& callbacks);

    /// Throws what went wrong when the call failed, else confirms the login to the credential helper.
    void conclude(const Outcome& outcome, const std::string& what);

private:
    Error error_for(const Outcome& outcome, const std::string& what) const;

    Transfer transfer_;
    Credentials credentials_;
    git_repository* repository_;
};

/// Ends a remote's connection while its conversation still lives: disconnecting needs it.
class DisconnectGuard {
public:
    explicit DisconnectGuard(const RemoteHandle& remote) : remote_(remote.get()) {}
    DisconnectGuard(const DisconnectGuard&) = delete;
    DisconnectGuard& operator=(const DisconnectGuard&) = delete;
    ~DisconnectGuard() { git_remote_disconnect(remote_); }

private:
    git_remote* remote_;
};

// Errors that both transports give. `url` is without credentials.
Error remote_not_found_error(const std::string& url);
Error http_error(int status, const std::string& url);
Error network_error(const std::string& what, const std::string& url);
Error certificate_error(const std::string& url);
Error not_fast_forward_error(const std::string& what);
/// A fetch would change a branch below its work tree, or a tag.
Error checked_out_error(const std::string& what, const std::string& ref);
Error not_a_commit_error(const std::string& branch);
Error tag_exists_error(const std::string& what, const std::string& ref);
Error push_rejected_error(const std::string& remote, const std::string& ref, const std::string& reason,
                          std::size_t rejected);

/// Raises `git.offline` where a network would be needed and none may be used.
void check_online(const RemoteAccess& access, const std::string& url);

/// Starts libgit2 with our ways to reach a server, once for the process.
void prepare_for_remotes();

/// The remote called `name`, or an anonymous one for a URL. Throws `git.unknown_remote`.
RemoteHandle find_remote(git_repository* repository, const std::string& name);

}  // namespace uhost::git
