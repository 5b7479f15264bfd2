#pragma once

#include "api/git/libgit2.hpp"
#include "api/git/remote/credentials.hpp"
#include "api/git/remote/remote.hpp"

namespace uhost::git {

/// What every call to a remote shares: its checks before, the callbacks during, the right error after.
class Conversation {
public:
    /// `repository` may be null. Throws `git.offline`, `git.url`.
    Conversation(const Conduct& conduct, std::string url, git_repository* repository);

    Transfer& transfer() noexcept { return transfer_; }

    /// Fills callbacks for credentials, progress and cancellation.
    void set_callbacks(git_remote_callbacks& callbacks);

    /// Throws what went wrong when the call failed, else tells the credential helper that its login was right.
    void conclude(const Outcome& outcome, const std::string& what);

private:
    Error error_for(const Outcome& outcome, const std::string& what) const;

    Transfer transfer_;
    Credentials credentials_;
    git_repository* repository_;
};

/// Ends a remote's connection while its conversation still lives: saying goodbye needs it.
class Goodbye {
public:
    explicit Goodbye(const RemoteHandle& remote) : remote_(remote.get()) {}
    Goodbye(const Goodbye&) = delete;
    Goodbye& operator=(const Goodbye&) = delete;
    ~Goodbye() { git_remote_disconnect(remote_); }

private:
    git_remote* remote_;
};

/// Starts libgit2 with our ways to reach a server, once for the process.
void prepare_for_remotes();

/// The remote called `name`, or an anonymous one for a URL. Throws `git.unknown_remote`.
RemoteHandle find_remote(git_repository* repository, const std::string& name);

}  // namespace uhost::git
