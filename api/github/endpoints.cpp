#include "api/github/endpoints.hpp"

#include "api/http/url.hpp"
#include "host/core/environment.hpp"
#include "host/settings/settings.hpp"

namespace uhost::github {
namespace {

std::string setting_or_variable(const Settings& settings, const Environment& environment, std::string_view name,
                                std::string_view variable) {
    const auto set = settings.text(name);
    return set && !set->empty() ? *set : environment.text(variable);
}

std::string without_final_slashes(std::string text) {
    while (text.ends_with('/')) text.pop_back();
    return text;
}

// An Enterprise server has its API under /api/v3 and GraphQL beside it; github.com and its kin have hosts for the API.
std::string graphql_beside(const std::string& api_url) {
    constexpr std::string_view enterprise = "/v3";
    const bool beside = api_url.ends_with("/api/v3");
    return (beside ? api_url.substr(0, api_url.size() - enterprise.size()) : api_url) + "/graphql";
}

// GitHub and its kin have a host for uploads, an Enterprise server has a path. What answers elsewhere in GitHub's place
// answers uploads, too.
std::string uploads_beside(const std::string& api_url) {
    constexpr std::string_view hosted = "https://api.", enterprise = "/v3";
    if (api_url.ends_with("/api/v3")) return api_url.substr(0, api_url.size() - enterprise.size()) + "/uploads";
    return api_url.starts_with(hosted) ? "https://uploads." + api_url.substr(hosted.size()) : api_url;
}

}  // namespace

Endpoints endpoints_of(std::string_view api_url, std::string_view graphql_url) {
    Endpoints endpoints;
    const auto asked = without_final_slashes(std::string(api_url.empty() ? public_api : api_url));
    endpoints.api_url = without_final_slashes(http::parse_url(asked).text);
    endpoints.uploads_url = uploads_beside(endpoints.api_url);
    endpoints.graphql_url = graphql_url.empty() ? graphql_beside(endpoints.api_url) : http::parse_url(graphql_url).text;
    endpoints.web_host = web_host_of(http::parse_url(endpoints.api_url).host_and_port());
    return endpoints;
}

Endpoints endpoints_from(const Settings& settings, const Environment& environment) {
    return endpoints_of(configured_api_url(settings, environment),
                        setting_or_variable(settings, environment, "github.graphql_url", "GITHUB_GRAPHQL_URL"));
}

}  // namespace uhost::github
