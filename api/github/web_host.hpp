#pragma once

#include <string_view>

namespace uhost::github {

/// The REST API of github.com.
inline constexpr std::string_view public_api = "https://api.github.com";

/// The host in the addresses of repositories, from the host of the API: github.com and its kin have a host for the API
/// ("api.github.com"), an Enterprise server has one for both. With a port if `api_host` has one.
constexpr std::string_view web_host_of(std::string_view api_host) {
    constexpr std::string_view prefix = "api.";
    return api_host.starts_with(prefix) ? api_host.substr(prefix.size()) : api_host;
}

}  // namespace uhost::github
