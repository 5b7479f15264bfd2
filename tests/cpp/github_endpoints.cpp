#include <catch2/catch.hpp>
#include <cstdlib>

#include "api/github/endpoints.hpp"
#include "host/core/error.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::github;

TEST_CASE("the GraphQL URL and the web host follow from the API URL") {
    const auto check = [](const char* api, const char* expected_graphql, const char* expected_host) {
        INFO(api);
        const auto endpoints = endpoints_of(api, "");
        CHECK(endpoints.graphql_url == expected_graphql);
        CHECK(endpoints.web_host == expected_host);
    };
    check("", "https://api.github.com/graphql", "github.com");
    check("https://api.github.com/", "https://api.github.com/graphql", "github.com");
    check("https://git.example.org/api/v3", "https://git.example.org/api/graphql", "git.example.org");
    check("https://git.example.org:8443/api/v3/", "https://git.example.org:8443/api/graphql", "git.example.org:8443");
    check("https://api.team.ghe.com", "https://api.team.ghe.com/graphql", "team.ghe.com");
    CHECK(endpoints_of("https://a.example/api/v3//", "").api_url == "https://a.example/api/v3");
    CHECK(endpoints_of("", "https://b.example/q").graphql_url == "https://b.example/q");
    CHECK_THROWS_AS(endpoints_of("github.com", ""), Error);
    CHECK_THROWS_AS(endpoints_of("https://user:pass@git.example.org/api/v3", ""), Error);
}

TEST_CASE("the token that belongs to the server is chosen") {
    Vault vault;
    Settings settings;
    CHECK(token_name(vault, settings, "github.com").empty());
    vault.add("GH_ENTERPRISE_TOKEN", "enterprise-secret");
    CHECK(token_name(vault, settings, "github.com").empty());
    CHECK(token_name(vault, settings, "team.ghe.com").empty());
    CHECK(token_name(vault, settings, "git.example.org") == "GH_ENTERPRISE_TOKEN");
    vault.add("GITHUB_TOKEN", "workflow-secret");
    CHECK(token_name(vault, settings, "github.com") == "GITHUB_TOKEN");
    CHECK(token_name(vault, settings, "git.example.org") == "GH_ENTERPRISE_TOKEN");
    vault.add("GH_TOKEN", "users-own-secret");
    CHECK(token_name(vault, settings, "github.com") == "GH_TOKEN");
}

TEST_CASE("a token file is read into the vault, and masked from then on") {
    const TemporaryFolder folder;
    Vault vault;
    Settings settings;
    vault.add("GITHUB_TOKEN", "not-this-secret");
    settings.set("github.token_file", folder.write("token", "  file-secret-1234\n").string());
    const auto name = token_name(vault, settings, "github.com");
    CHECK(vault.find(name) == "file-secret-1234");
    CHECK(vault.mask("it is file-secret-1234!") == "it is ***!");
    CHECK(name.find("file-secret") == std::string::npos);
}

TEST_CASE("a token file that is missing, empty, or more than a token says so without showing it") {
    const TemporaryFolder folder;
    Vault vault;
    for (const auto& file :
         {folder.path() / "none", folder.write("empty", " \n"), folder.write("two", "user secret-abcdef")}) {
        Settings settings;
        settings.set("github.token_file", file.string());
        try {
            token_name(vault, settings, "github.com");
            FAIL("accepted " << file);
        } catch (const Error& error) {
            CHECK(error.kind() == "github.auth");
            CHECK(error.message().find(file.string()) != std::string::npos);
            CHECK(error.message().find("secret-abcdef") == std::string::npos);
        }
    }
}
