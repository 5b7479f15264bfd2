#include "api/github/endpoints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "api/http/url.hpp"
#include "host/core/error.hpp"
#include "host/core/file.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"

namespace uhost::github {
namespace {

std::string setting_or_variable(const Settings& settings, std::string_view name, const char* variable) {
    if (const auto set = settings.text(name); set && !set->empty()) return *set;
    const char* value = std::getenv(variable);
    return value != nullptr ? value : "";
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

constexpr std::size_t max_token_file_bytes = 64 * 1024;

std::string read_token(const std::string& file) {
    std::string text;
    try {
        text = read_file(file, max_token_file_bytes);
    } catch (const Error& error) {
        throw Error("github.auth", fmt::format("the token file {} cannot be read", file))
            .hint("correct the setting github.token_file (UHOST_GITHUB_TOKEN_FILE), or unset it")
            .native(error.message());
    }
    const auto is_blank = [](unsigned char c) { return c <= ' '; };
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_blank));
    text.erase(std::find_if_not(text.rbegin(), text.rend(), is_blank).base(), text.end());
    if (text.empty() || std::any_of(text.begin(), text.end(), is_blank)) {
        throw Error("github.auth", fmt::format("the token file {} does not hold one token", file))
            .hint("the file has the token alone, on one line");
    }
    return text;
}

bool is_public(std::string_view web_host) { return web_host == "github.com" || web_host.ends_with(".ghe.com"); }

}  // namespace

Endpoints endpoints_of(std::string_view api_url, std::string_view graphql_url) {
    Endpoints endpoints;
    const auto asked = without_final_slashes(std::string(api_url.empty() ? public_api : api_url));
    endpoints.api_url = without_final_slashes(http::parse_url(asked).text);
    endpoints.graphql_url = graphql_url.empty() ? graphql_beside(endpoints.api_url) : http::parse_url(graphql_url).text;
    endpoints.web_host = web_host_of(http::parse_url(endpoints.api_url).host_and_port());
    return endpoints;
}

Endpoints endpoints_from(const Settings& settings) {
    return endpoints_of(setting_or_variable(settings, "github.api_url", "GITHUB_API_URL"),
                        setting_or_variable(settings, "github.graphql_url", "GITHUB_GRAPHQL_URL"));
}

std::string token_name(Vault& vault, const Settings& settings, std::string_view web_host) {
    if (const auto file = settings.text("github.token_file"); file && !file->empty()) {
        auto name = fmt::format("the token file {}", *file);
        if (vault.find(name).empty()) vault.add(name, read_token(*file));
        return name;
    }
    std::vector<std::string_view> names{"GH_TOKEN", "GITHUB_TOKEN"};
    if (!is_public(web_host)) names.insert(names.begin(), "GH_ENTERPRISE_TOKEN");
    for (const auto name : names) {
        if (!vault.find(name).empty()) return std::string(name);
    }
    return {};
}

}  // namespace uhost::github
