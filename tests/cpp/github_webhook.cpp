#include <catch2/catch.hpp>
#include <string>

#include "api/github/gzip.hpp"
#include "api/github/signature.hpp"

using namespace uhost::github;

namespace {

// The example of GitHub's documentation.
constexpr auto secret = "It's a Secret to Everybody";
constexpr auto payload = "Hello, World!";
const std::string signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

}  // namespace

TEST_CASE("a webhook's signature is that of GitHub's documented example") {
    CHECK(is_webhook_signature(payload, secret, signature));
}

TEST_CASE("any other signature, payload or secret is refused") {
    for (std::size_t i = 0; i < signature.size(); ++i) {
        auto changed = signature;
        changed[i] = changed[i] == '0' ? '1' : '0';
        CHECK_FALSE(is_webhook_signature(payload, secret, changed));
        CHECK_FALSE(is_webhook_signature(payload, secret, signature.substr(0, i)));
    }
    CHECK_FALSE(is_webhook_signature(payload, secret, signature + "0"));
    CHECK_FALSE(is_webhook_signature("Hello, World", secret, signature));
    CHECK_FALSE(is_webhook_signature(payload, "another", signature));
    CHECK_FALSE(is_webhook_signature(payload, secret, "sha1=2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"));
}

TEST_CASE("what is packed is read by gzip's own rules") {
    const auto packed = gzip("some text, some text, some text");
    CHECK(packed.substr(0, 3) == "\x1f\x8b\x08");
    CHECK(packed.size() < 60);
}
