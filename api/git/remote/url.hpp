#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace uhost::git {

/// A remote's URL in parts. The scp form "user@host:path" counts as ssh.
struct RemoteUrl {
    std::string scheme;    ///< lower case: "https", "http", "ssh", "git", "file"; empty for a local path
    std::string user;      ///< percent-decoded
    std::string password;  ///< percent-decoded
    std::string host;      ///< lower case, without brackets
    std::string port;      ///< as written, or the scheme's own
    std::string path;

    bool is_local() const { return scheme.empty() || scheme == "file"; }
    bool is_http() const { return scheme == "http" || scheme == "https"; }
    /// "https://host:443": what a credential belongs to.
    std::string origin() const { return scheme + "://" + host + ":" + port; }
};

/// Raises `git.url` for a URL with control characters, one that starts with a dash, and schemes other than those above.
RemoteUrl parse_remote_url(std::string_view url);

/// The URL without user name and password (of ssh URLs the user name stays: it is not a secret); with other text,
/// unchanged.
std::string without_credentials(std::string_view url);

}  // namespace uhost::git
