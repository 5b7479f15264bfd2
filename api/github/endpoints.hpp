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
    std::string uploads_url;  ///< "https://uploads.github.com": where the files of releases go
    std::string web_host;     ///< "github.com": the host in the addresses of repositories
};

/// The URL of the REST API as it is set: by the setting github.api_url, GITHUB_API_URL (which GitHub Actions sets), or, as
/// with `gh`, the host in GH_HOST; "" for github.com.
std::string configured_api_url(const Settings& settings, const Environment& environment);

/// From that, the setting github.graphql_url and GITHUB_GRAPHQL_URL. What is not set follows from the URL of the REST API.
Endpoints endpoints_from(const Settings& settings, const Environment& environment);

/// The same from the two texts; either may be empty. Throws `argument` for an invalid URL.
Endpoints endpoints_of(std::string_view api_url, std::string_view graphql_url);

/// The name in the vault of the token to use with the GitHub at `web_host`, or "" when there is none.
///
/// A file named by the setting github.token_file comes first; then, if github.token_from is "gh", what `gh` keeps for
/// this host. Both are read here, once, into the vault. Otherwise, as with `gh`: for github.com and its data-residency
/// hosts (*.ghe.com) GH_TOKEN and GITHUB_TOKEN; for another server GH_ENTERPRISE_TOKEN and GITHUB_ENTERPRISE_TOKEN
/// before these two. Throws `github.auth` for a token file that cannot be read or holds no token, and when `gh` has none;
/// `settings` for another word in github.token_from.
std::string token_name(Vault& vault, const Settings& settings, const Environment& environment,
                       std::string_view web_host);

}  // namespace uhost::github
