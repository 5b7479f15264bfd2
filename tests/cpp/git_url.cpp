#include <catch2/catch.hpp>
#include <random>

#include "api/git/remote/credentials.hpp"
#include "api/git/remote/url.hpp"
#include "host/core/error.hpp"

using namespace uhost;
using git::parse_remote_url;
using git::without_credentials;

TEST_CASE("A remote's URL is taken apart", "[git]") {
    auto url = parse_remote_url("HTTPS://Ann%40home:p%3aw@Example.ORG:8443/o/r.git");
    CHECK(url.scheme == "https");
    CHECK(url.user == "Ann@home");
    CHECK(url.password == "p:w");
    CHECK(url.host == "example.org");
    CHECK(url.origin() == "https://example.org:8443");
    CHECK(url.path == "/o/r.git");

    CHECK(parse_remote_url("http://example.org/r").origin() == "http://example.org:80");
    CHECK(parse_remote_url("ssh://git@[::1]:2222/r").host == "::1");
    CHECK(parse_remote_url("ssh://git@[::1]:2222/r").port == "2222");

    url = parse_remote_url("git@example.org:o/r.git");
    CHECK(url.scheme == "ssh");
    CHECK(url.user == "git");
    CHECK(url.path == "o/r.git");
    CHECK(parse_remote_url("/srv/a:b/r.git").is_local());
    CHECK(parse_remote_url("./a:b").is_local());
    CHECK(parse_remote_url("file:///srv/r.git").is_local());
}

TEST_CASE("URLs that would be something else to a program are refused", "[git]") {
    for (const char* text : {"", "-u", "--upload-pack=x", "ssh://-oProxyCommand=x/r", "ssh://-l@host/r", "-h:r",
                             "a@-h:r", "ext::sh -c x", "ftp://host/r", "https:///r", "http://host/\nr",
                             "https://user%0ahost=evil:x@host/r", "https://a%00b@host/r"}) {
        INFO(text);
        CHECK_THROWS_AS(parse_remote_url(text), Error);
    }
}

TEST_CASE("No password survives in a URL that is shown", "[git]") {
    CHECK(without_credentials("https://user:secret@host/r") == "https://host/r");
    CHECK(without_credentials("https://token@host/r") == "https://host/r");
    CHECK(without_credentials("https://us@er:se@cret@host/r@v") == "https://host/r@v");
    CHECK(without_credentials("ssh://git:secret@host/r") == "ssh://git@host/r");
    CHECK(without_credentials("git@host:o/r") == "git@host:o/r");
    CHECK(without_credentials("/srv/a@b") == "/srv/a@b");
    CHECK(without_credentials("https://user:secret@host") == "https://host");
}

TEST_CASE("Any text is a URL or refused, and never crashes", "[git]") {
    std::mt19937 random(7);
    const std::string letters = "ht ps:/@[]%0aA-.\n~";
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (auto n = random() % 24; n > 0; --n) text += letters[random() % letters.size()];
        without_credentials(text);
        try {
            const auto url = parse_remote_url(text);
            if (!url.is_local()) {
                CHECK(!url.host.empty());
                CHECK(url.host.front() != '-');
                CHECK(url.user.find('\n') == std::string::npos);
            }
        } catch (const Error& error) {
            CHECK(error.kind() == "git.url");
        }
    }
}

TEST_CASE("A GitHub's repositories are beside its API", "[git]") {
    CHECK(git::github_web("").origin() == "https://github.com:443");
    CHECK(git::github_web("https://api.github.com").origin() == "https://github.com:443");
    CHECK(git::github_web("https://ghe.example.org/api/v3").origin() == "https://ghe.example.org:443");
    CHECK(git::github_web("http://127.0.0.1:8080/api/v3").origin() == "http://127.0.0.1:8080");
}
