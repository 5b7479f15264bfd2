#pragma once

#include <string>
#include <string_view>

namespace uhost {
class Environment;
class Settings;
class Vault;
}  // namespace uhost

namespace uhost::github {

/// The REST API of github.com.
inline constexpr std::string_view public_api = "https://api.github.com";

/// The host in the addresses of repositories, from the host of the API: github.com and its kin have a host for the API
/// ("api.github.com"), an Enterprise server has one for both. With a port if `api_host` has one.
constexpr std::string_view web_host_of(std::string_view api_host) {
    constexpr std::string_view prefix = "api.";
    return api_host.starts_with(prefix) ? api_host.substr(prefix.size()) : api_host;
}

/// Where GitHub is: github.com, or a GitHub Enterprise server.
struct Endpoints {
    std::string api_url;      ///< "https://api.github.com", without a slash at the end
    std::string graphql_url;  ///< "https://api.github.com/graphql"
    std::string web_host;     ///< "github.com": the host in the addresses of repositories
};

/// From the settings github.api_url and github.graphql_url, then GITHUB_API_URL and GITHUB_GRAPHQL_URL (which GitHub
/// Actions sets), then github.com. An Enterprise server's GraphQL URL follows from its API URL.
Endpoints endpoints_from(const Settings& settings, const Environment& environment);

/// The same from the two texts; either may be empty. Throws `argument` for an invalid URL.
Endpoints endpoints_of(std::string_view api_url, std::string_view graphql_url);

/// The name in the vault of the token to use with the GitHub at `web_host`, or "" when there is none.
///
/// A file named by the setting github.token_file comes first (it is read here, into the vault). Then, as with `gh`: for
/// github.com and its data-residency hosts (*.ghe.com) GH_TOKEN and GITHUB_TOKEN; for another server
/// GH_ENTERPRISE_TOKEN before these two. Throws `github.auth` for a token file that cannot be read or holds no token.
std::string token_name(Vault& vault, const Settings& settings, std::string_view web_host);

}  // namespace uhost::github
