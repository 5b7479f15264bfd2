#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <thread>
#include <vector>

#include "host/core/encoding.hpp"
#include "host/secrets/stream_masker.hpp"
#include "host/secrets/vault.hpp"
#include "temporary_folder.hpp"

using namespace uhost;

namespace {

// A folder of primitives; one declares TEST_TOKEN and TEST_SECRET.
struct Primitives {
    TemporaryFolder folder;
    Primitives() {
        std::filesystem::create_directories(folder.path() / "forge");
        std::ofstream(folder.path() / "forge/secrets.lua") << "return { 'TEST_TOKEN', 'TEST_SECRET' }";
    }
    std::string path() const { return folder.path().string(); }
};

}  // namespace

TEST_CASE("vault: declared secrets leave the environment and are masked wherever they appear") {
    const Primitives primitives;
    Environment environment{{"TEST_TOKEN", "ghp_0123456789abcdef"}, {"TEST_SECRET", "It's a Secret to Everybody"}, {"HOME", "/root"}};
    Vault vault;
    CHECK(vault.take_secrets(environment, primitives.path()) == std::vector<std::string>{"TEST_SECRET", "TEST_TOKEN"});
    CHECK(environment.variables() == Environment::Variables{{"HOME", "/root"}});
    CHECK(vault.find("TEST_TOKEN") == "ghp_0123456789abcdef");
    CHECK(vault.find("TEST_SECRET") == "It's a Secret to Everybody");
    CHECK(vault.mask("a ghp_0123456789abcdef, twice ghp_0123456789abcdef") == "a ***, twice ***");
}

TEST_CASE("vault: other variables named like secrets are masked but stay readable") {
    const Primitives primitives;
    Environment environment{{"SOME_SERVICE_PASSWORD", "correct horse battery"}};
    Vault vault;
    CHECK(vault.take_secrets(environment, primitives.path()).empty());
    CHECK(environment.text("SOME_SERVICE_PASSWORD") == "correct horse battery");
    CHECK(vault.find("SOME_SERVICE_PASSWORD").empty());
    CHECK(vault.mask("it is 'correct horse battery'") == "it is '***'");
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

TEST_CASE("vault: a secret is masked in Base64 behind a user's name of any length") {
    Vault vault;
    vault.add("TOKEN", "ghp_0123456789abcdef");
    for (const std::string user : {"", "x", "me", "bob", "x-access-token"}) {
        INFO(user);
        const auto masked = vault.mask("Basic " + encode_base64(user + ":ghp_0123456789abcdef"));
        CHECK(masked.find("***") != std::string::npos);
        const auto left = masked.substr(masked.find("***") + 3);
        CHECK(left.size() <= 4);  // of the last two bytes at most
    }
}

TEST_CASE("vault: names that say secret") {
    for (const char* name : {"GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "npm_token", "MY_PAT"}) CHECK(names_a_secret(name));
    for (const char* name : {"PATH", "HOME", "MONKEY", "KEYBOARD", "PATCH"}) CHECK_FALSE(names_a_secret(name));
}

TEST_CASE("vault: a renewed secret takes the older one's place, which stays masked for a while and is forgotten then") {
    Vault vault;
    vault.add("TOKEN", "value-number-0");
    vault.add("OTHER", "value-number-0");
    vault.add("TOKEN", "value-number-1");
    CHECK(vault.find("TOKEN") == "value-number-1");
    CHECK(vault.mask("value-number-0 value-number-1") == "*** ***");
    for (int i = 2; i < 1000; ++i) vault.add("TOKEN", "value-number-" + std::to_string(i));
    CHECK(vault.mask("value-number-500 value-number-999") == "value-number-500 ***");
    CHECK(vault.mask("value-number-0") == "***");  // another secret has this value still
}

TEST_CASE("vault: secrets may be added while other threads look them up and mask") {
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

TEST_CASE("vault: what its name or an address says is secret is hidden") {
    const Primitives primitives;
    Environment environment{{"MY_TOKEN_FILE", "/run/secrets/my-token"},
                            {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG"},
                            {"SLACK_WEBHOOK_URL", "https://hooks.slack.example/services/T0/B0/XyZ"},
                            {"DATABASE_URL", "postgres://app:s3cr3t@db.example:5432/prod?ssl=1"},
                            {"LONG_URL", "amqp://app:correct-horse@mq.example"},
                            {"CI_DB", "postgres://postgres:postgres@localhost/test"}};
    Vault vault;
    vault.take_secrets(environment, primitives.path());
    CHECK(vault.mask("/run/secrets/my-token") == "/run/secrets/my-token");
    CHECK(vault.mask("key wJalrXUtnFEMI/K7MDENG, wJalrXUtnFEMI%2FK7MDENG") == "key ***, ***");
    CHECK(vault.mask("POST https://hooks.slack.example/services/T0/B0/XyZ") == "POST ***");
    CHECK(vault.mask("cannot reach postgres://app:s3cr3t@db.example:5432/prod") ==
          "cannot reach postgres://***db.example:5432/prod");
    CHECK(vault.mask("the password correct-horse") == "the password ***");
    CHECK(vault.mask("postgres is up at postgres://postgres:postgres@localhost") ==
          "postgres is up at postgres://***localhost");
}

TEST_CASE("vault: each line of a key is hidden") {
    Vault vault;
    vault.hide("-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nshort\r\n9w0BAQEFAASCBKcwggSj\r\n-----END KEY-----\n");
    CHECK(vault.mask("parse error near '9w0BAQEFAASCBKcwggSj'") == "parse error near '***'");
    CHECK(vault.mask("-----BEGIN KEY-----, short") == "-----BEGIN KEY-----, short");
}

TEST_CASE("stream masker: a secret is masked however its text is cut into writes") {
    Vault vault;
    vault.add("TOKEN", "ghp_0123456789abcdef");
    vault.hide("https://hooks.example/ghp_path");
    const std::string text = "a ghp_0123456789abcdef b ghp_012 https://hooks.example/ghp_path ghp_0123456789abcdefg";
    for (std::size_t first = 0; first <= text.size(); ++first) {
        for (std::size_t second = first; second <= text.size(); ++second) {
            StreamMasker masker(vault);
            auto written = masker.pass(text.substr(0, first));
            written += masker.pass(text.substr(first, second - first));
            written += masker.pass(text.substr(second));
            written += masker.finish();
            INFO(first << " " << second << ": " << written);
            CHECK(written.find("456789") == std::string::npos);
            CHECK(written.find("hooks") == std::string::npos);
            CHECK(written.find(" b ghp_012 ") != std::string::npos);
            CHECK(written.ends_with("***g"));
        }
    }
}

TEST_CASE("stream masker: prompts are shown at once, and nothing innocent is lost") {
    Vault vault;
    vault.add("TOKEN", "ghp_0123456789abcdef");
    StreamMasker masker(vault);
    CHECK(masker.pass("your login: gh") == "your login: gh");
    CHECK(masker.pass("p_012") == "p_012");
    CHECK(masker.pass("x") == "x");
    CHECK(masker.pass("gh") == "gh");
    CHECK(masker.pass("p_0123456789abcdefg") == "***g");
    CHECK(masker.pass("ghp_01234567") == "");
    CHECK(masker.pass("8") == "");
    CHECK(masker.pass("!") == "ghp_012345678!");
    CHECK(masker.pass("ghp_0123456") == "");
    CHECK(masker.finish() == "ghp_0123456");
    CHECK(masker.pass("ghp_0123456789abcde") == "");
    CHECK(masker.finish() == "***");
    CHECK(masker.finish() == "");
}

TEST_CASE("stream masker: what was written before counts") {
    Vault vault;
    vault.add("TOKEN", "ghp_0123456789abcdef");
    StreamMasker masker(vault, "line\nghp_0123456789");
    CHECK(masker.pass("abcdef\n") == "***\n");
}
