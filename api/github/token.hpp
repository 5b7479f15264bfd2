#pragma once

#include <string>
#include <string_view>

namespace uhost {
class Settings;
class Vault;
}  // namespace uhost

namespace uhost::github {

/// The name in the vault of the token to use with the GitHub at `web_host`, or "" when there is none.
///
/// A file named by the setting github.token_file comes first (it is read here, into the vault). Then, as with `gh`: for
/// github.com and its data-residency hosts (*.ghe.com) GH_TOKEN and GITHUB_TOKEN; for another server
/// GH_ENTERPRISE_TOKEN before these two. Throws `github.auth` for a token file that cannot be read or holds no token.
std::string token_name(Vault& vault, const Settings& settings, std::string_view web_host);

}  // namespace uhost::github
