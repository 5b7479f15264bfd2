#pragma once

#include <string>
#include <string_view>

namespace uhost {
class Settings;
}

namespace uhost::github {

/// Where GitHub is: github.com, or a GitHub Enterprise server.
struct Endpoints {
    std::string api_url;      ///< "https://api.github.com", without a slash at the end
    std::string graphql_url;  ///< "https://api.github.com/graphql"
    std::string web_host;     ///< "github.com": the host in the addresses of repositories
};

/// From the settings github.api_url and github.graphql_url, then GITHUB_API_URL and GITHUB_GRAPHQL_URL (which GitHub
/// Actions sets), then github.com. An Enterprise server's GraphQL URL follows from its API URL.
Endpoints endpoints_from(const Settings& settings);

/// The same from the two texts, each of which may be empty. Throws `argument` for what is no URL.
Endpoints endpoints_of(std::string_view api_url, std::string_view graphql_url);

}  // namespace uhost::github
