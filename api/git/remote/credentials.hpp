#pragma once

#include <string>

#include "api/git/remote/transfer.hpp"
#include "api/git/remote/url.hpp"

struct git_credential;

namespace uhost::git {

/// A user name and a password or token.
struct Login {
    std::string user, password;
};

/// What logs in to a URL without asking anyone: what the URL itself has, else the GitHub token if it leads to that
/// GitHub; empty for nothing.
Login known_login(const RemoteAccess& access, const RemoteUrl& url);

/// Gives libgit2 what logs in to the server of one transfer, each source once: what the URL itself has (libgit2 does
/// that), the GitHub token if the server is that GitHub, then git's credential helpers. Nothing goes to a server that
/// the URL does not name. Never asks a person.
class Credentials {
public:
    /// `folder` is where the helpers' configuration is looked up: the repository, or "".
    Credentials(Transfer& transfer, std::string folder);

    /// For git_remote_callbacks::credentials. Throws `git.auth` when there is nothing (more) to try.
    int acquire(git_credential** out, unsigned allowed);

    /// Reports to the helper whether what it gave was right, as git does.
    void conclude(bool success);

private:
    int give(git_credential** out, const Login& login);
    bool ask_helper();
    std::string helper_question() const;
    void report_to_helper(const char* verb) const;
    Error nothing_left() const;

    Transfer& transfer_;
    std::string folder_;
    RemoteUrl url_;
    bool tried_token_ = false, tried_helper_ = false, gave_token_ = false;
    Login from_helper_;
};

/// Where the repositories of the GitHub with this API are ("https://api.github.com" -> https, github.com, 443).
RemoteUrl github_web(const std::string& api_url);

}  // namespace uhost::git
