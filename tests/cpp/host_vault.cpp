#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <thread>
#include <vector>

#include "host/core/file.hpp"
#include "host/secrets/vault.hpp"

using uhost::Vault;

TEST_CASE("vault: tokens leave the environment and are masked wherever they appear") {
    ::setenv("GITHUB_TOKEN", "ghp_0123456789abcdef", 1);
    Vault vault;
    vault.take_environment();
    CHECK(std::getenv("GITHUB_TOKEN") == nullptr);
    CHECK(vault.find("GITHUB_TOKEN") == "ghp_0123456789abcdef");
    CHECK(vault.mask("a ghp_0123456789abcdef, twice ghp_0123456789abcdef") == "a ***, twice ***");
    // base64("x-access-token:ghp_0123456789abcdef"), as HTTP basic authentication carries it
    CHECK(vault.mask("eC1hY2Nlc3MtdG9rZW46Z2hwXzAxMjM0NTY3ODlhYmNkZWY=") == "***");
}

TEST_CASE("vault: the secret of webhooks leaves the environment as well") {
    ::setenv("GITHUB_WEBHOOK_SECRET", "It's a Secret to Everybody", 1);
    Vault vault;
    vault.take_environment();
    CHECK(std::getenv("GITHUB_WEBHOOK_SECRET") == nullptr);
    CHECK(vault.find("GITHUB_WEBHOOK_SECRET") == "It's a Secret to Everybody");
}

TEST_CASE("vault: other variables named like secrets are masked but stay readable") {
    ::setenv("SOME_SERVICE_PASSWORD", "correct horse battery", 1);
    Vault vault;
    vault.take_environment();
    CHECK(std::string(std::getenv("SOME_SERVICE_PASSWORD")) == "correct horse battery");
    CHECK(vault.mask("it is 'correct horse battery'") == "it is '***'");
    ::unsetenv("SOME_SERVICE_PASSWORD");
}

TEST_CASE("vault: a secret inside a longer one leaves no tail, and short words are left alone") {
    Vault vault;
    vault.hide("abcdefgh");
    vault.hide("abcdefghijkl");
    vault.hide("true");
    CHECK(vault.mask("abcdefghijkl and abcdefgh; true") == "*** and ***; true");
}

TEST_CASE("vault: a secret is masked percent-encoded and escaped as in JSON, too") {
    Vault vault;
    vault.hide("p@ss/word+1");
    vault.hide("-----BEGIN KEY-----\nab\"c\\d\n");
    CHECK(vault.mask("?q=p%40ss%2Fword%2B1&x") == "?q=***&x");
    CHECK(vault.mask(R"({"key":"-----BEGIN KEY-----\nab\"c\\d\n"})") == R"({"key":"***"})");
}

TEST_CASE("vault: names that say secret") {
    for (const char* name : {"GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "npm_token", "MY_PAT"}) CHECK(uhost::names_a_secret(name));
    for (const char* name : {"PATH", "HOME", "MONKEY", "KEYBOARD", "PATCH"}) CHECK_FALSE(uhost::names_a_secret(name));
}

TEST_CASE("a renewed secret takes the older one's place, while views of the older one stay valid and masked") {
    Vault vault;
    vault.add("TOKEN", "first-value");
    const auto older = vault.find("TOKEN");
    for (int i = 0; i < 100; ++i) vault.add("OTHER", "other-value-" + std::to_string(i));
    vault.add("TOKEN", "second-value");
    CHECK(vault.find("TOKEN") == "second-value");
    CHECK(older == "first-value");
    CHECK(vault.mask("first-value second-value") == "*** ***");
}

TEST_CASE("secrets may be added while other threads look them up and mask") {
    Vault vault;
    vault.add("TOKEN", "always-there");
    std::vector<std::thread> readers;
    std::atomic<bool> wrong = false;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] {
            for (int round = 0; round < 2000; ++round) {
                if (vault.find("TOKEN") != "always-there" || vault.mask("always-there") != "***") wrong = true;
            }
        });
    }
    for (int i = 0; i < 200; ++i) vault.add("OTHER" + std::to_string(i), "some-secret-" + std::to_string(i));
    for (auto& reader : readers) reader.join();
    CHECK_FALSE(wrong);
}
