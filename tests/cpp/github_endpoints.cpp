#include <catch2/catch.hpp>
#include <cstdlib>

#include "api/github/endpoints.hpp"
#include "host/core/environment.hpp"
#include "host/core/error.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;
using namespace uhost::github;

TEST_CASE("the URLs for GraphQL and uploads and the web host follow from the API URL") {
    const auto check = [](const char* api, const char* expected_graphql, const char* expected_host,
                          const char* expected_uploads) {
        INFO(api);
        const auto endpoints = endpoints_of(api, "");
        CHECK(endpoints.uploads_url == expected_uploads);
        CHECK(endpoints.graphql_url == expected_graphql);
        CHECK(endpoints.web_host == expected_host);
    };
    check("", "https://api.github.com/graphql", "github.com", "https://uploads.github.com");
    check("https://api.github.com/", "https://api.github.com/graphql", "github.com", "https://uploads.github.com");
    check("https://git.example.org/api/v3", "https://git.example.org/api/graphql", "git.example.org",
          "https://git.example.org/api/uploads");
    check("https://git.example.org:8443/api/v3/", "https://git.example.org:8443/api/graphql", "git.example.org:8443",
          "https://git.example.org:8443/api/uploads");
    check("https://api.team.ghe.com", "https://api.team.ghe.com/graphql", "team.ghe.com",
          "https://uploads.team.ghe.com");
    check("http://localhost:8080", "http://localhost:8080/graphql", "localhost:8080", "http://localhost:8080");
    CHECK(endpoints_of("https://a.example/api/v3//", "").api_url == "https://a.example/api/v3");
    CHECK(endpoints_of("", "https://b.example/q").graphql_url == "https://b.example/q");
    CHECK_THROWS_AS(endpoints_of("github.com", ""), Error);
    CHECK_THROWS_AS(endpoints_of("https://user:pass@git.example.org/api/v3", ""), Error);
}

TEST_CASE("the token that belongs to the server is chosen") {
    Vault vault;
    Settings settings;
    const Environment environment;
    CHECK(token_name(vault, settings, environment, "github.com").empty());
    vault.add("GH_ENTERPRISE_TOKEN", "enterprise-secret");
    CHECK(token_name(vault, settings, environment, "github.com").empty());
    CHECK(token_name(vault, settings, environment, "team.ghe.com").empty());
    CHECK(token_name(vault, settings, environment, "git.example.org") == "GH_ENTERPRISE_TOKEN");
    Vault other;
    other.add("GITHUB_ENTERPRISE_TOKEN", "enterprise-secret-2");
    other.add("GITHUB_TOKEN", "workflow-secret");
    CHECK(token_name(other, settings, environment, "git.example.org") == "GITHUB_ENTERPRISE_TOKEN");
    CHECK(token_name(other, settings, environment, "github.com") == "GITHUB_TOKEN");
    vault.add("GITHUB_TOKEN", "workflow-secret");
    CHECK(token_name(vault, settings, environment, "github.com") == "GITHUB_TOKEN");
    CHECK(token_name(vault, settings, environment, "git.example.org") == "GH_ENTERPRISE_TOKEN");
    vault.add("GH_TOKEN", "users-own-secret");
    CHECK(token_name(vault, settings, environment, "github.com") == "GH_TOKEN");
}

TEST_CASE("a token file is read into the vault, and masked from then on") {
    const TemporaryFolder folder;
    Vault vault;
    Settings settings;
    vault.add("GITHUB_TOKEN", "not-this-secret");
    settings.set("github.token_file", folder.write("token", "  file-secret-1234\n").string());
    const auto name = token_name(vault, settings, {}, "github.com");
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
            token_name(vault, settings, {}, "github.com");
            FAIL("accepted " << file);
        } catch (const Error& error) {
            CHECK(error.kind() == "github.auth");
            CHECK(error.message().find(file.string()) != std::string::npos);
            CHECK(error.message().find("secret-abcdef") == std::string::npos);
        }
    }
}

TEST_CASE("the host in GH_HOST is used where no URL is set") {
    Settings settings;
    CHECK(configured_api_url(settings, {{"GH_HOST", "git.example.org"}}) == "https://git.example.org/api/v3");
    CHECK(configured_api_url(settings, {{"GH_HOST", "team.ghe.com"}}) == "https://api.team.ghe.com");
    CHECK(configured_api_url(settings, {{"GH_HOST", "github.com"}}).empty());
    CHECK(configured_api_url(settings, {{"GH_HOST", "a.example"}, {"GITHUB_API_URL", "https://b.example"}}) ==
          "https://b.example");
    settings.set("github.api_url", "https://c.example");
    CHECK(configured_api_url(settings, {{"GITHUB_API_URL", "https://b.example"}}) == "https://c.example");
}

TEST_CASE("the token of gh is asked of gh, and read from its file where gh does not answer") {
    const TemporaryFolder folder;
    Settings settings;
    settings.set("github.token_from", "gh");
    Vault vault;
    vault.add("GITHUB_TOKEN", "not-this-secret");
    folder.write("hosts.yml",
                 "github.com:\n    users:\n        ada:\n            oauth_token: other-users-secret\n"
                 "    oauth_token: file-secret-1\n    user: ada\n"
                 "git.example.org:\n  oauth_token: \"file-secret-2\"\n");
    Environment environment{{"GH_CONFIG_DIR", folder.path().string()}, {"PATH", folder.path().string()}};
    CHECK(vault.find(token_name(vault, settings, environment, "github.com")) == "file-secret-1");
    CHECK(vault.find(token_name(vault, settings, environment, "git.example.org")) == "file-secret-2");
    CHECK(vault.mask("it is file-secret-2!") == "it is ***!");
    CHECK_THROWS_AS(token_name(vault, settings, environment, "other.example"), Error);

    const auto program = folder.write("gh", "#!/bin/sh\ntest \"$*\" = 'auth token --hostname github.com' && echo of-gh-1\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    Vault fresh;
    CHECK(fresh.find(token_name(fresh, settings, environment, "github.com")) == "of-gh-1");
    CHECK(fresh.find(token_name(fresh, settings, environment, "git.example.org")) == "file-secret-2");

    settings.set("github.token_from", "keyring");
    CHECK_THROWS_AS(token_name(fresh, settings, environment, "github.com"), Error);
}
